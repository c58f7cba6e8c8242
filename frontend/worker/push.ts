// Notifications: what is shown when oO speaks up, and what a press on it does.
import { flush, keep, sendLater } from './queue.js'

declare const self: ServiceWorkerGlobalScope

const ICON = '/icons/192.png'
const REACTIONS = ['done', 'snooze']

/** A notification's `data`: where it leads, and what answers it. */
type Data = { navigate: string; tip?: { tip_id: string; key: string; person: string } | undefined }

self.addEventListener('push', (event) => event.waitUntil(show(read(event.data))))

/** A declarative push message (WebKit's; RFC 8030 carries it), as JSON. Whatever else it is counts as empty. */
function read(data: PushMessageData | null): Record<string, unknown> {
  try {
    return fields(data?.json())
  } catch {
    return {}
  }
}

const fields = (value: unknown) => (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
const text = (value: unknown) => (typeof value === 'string' ? value : '')

async function show(message: Record<string, unknown>) {
  const { title, body, navigate, tag, actions } = fields(message.notification)
  const [tip_id, key, person] = ['tip_id', 'key', 'person'].map((name) => text(fields(message.oo)[name]))
  const tip = tip_id && key && person ? { tip_id, key, person } : undefined
  const shown = (Array.isArray(actions) ? actions : [])
    .map((it) => ({ action: text(fields(it).action), title: text(fields(it).title) }))
    .filter(({ action, title }) => tip && title && REACTIONS.includes(action))
  const data: Data = { navigate: text(navigate), tip }

  await self.registration.showNotification(text(title) || 'oO', {
    body: text(body) || 'There is something for you.',
    tag: text(tag),
    icon: ICON,
    badge: ICON,
    data,
    actions: shown,
  } as NotificationOptions)
  await navigator.setAppBadge?.().catch(() => {})
}

self.addEventListener('notificationclick', (event) => {
  const { navigate, tip } = fields(event.notification.data) as Partial<Data>
  event.notification.close()
  if (tip && REACTIONS.includes(event.action)) {
    event.waitUntil(answer({ ...tip, reaction: event.action, at: Date.now() }))
  } else {
    event.waitUntil(open(text(navigate)))
  }
})

/** Sent now, or kept until it can be. */
async function answer(answer: Parameters<typeof keep>[0]) {
  await keep(answer)
  await flush().then(giveSignOfLife, () => sendLater(self.registration))
  await navigator.clearAppBadge?.().catch(() => {})
}

/** Whoever answers here is here, though no page of oO was opened. */
async function giveSignOfLife() {
  const endpoint = (await self.registration.pushManager.getSubscription())?.endpoint
  if (endpoint) await fetch('/settings/push/here', { method: 'POST', body: new URLSearchParams({ endpoint }) }).catch(() => {})
}

/** A page that is open, or else a new one; on this site alone. */
async function open(navigate: string) {
  const url = within(navigate)
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const page = pages.find((page) => new URL(page.url).pathname === new URL(url).pathname)
  return page ? page.focus() : self.clients.openWindow(url)
}

function within(navigate: string) {
  try {
    const url = new URL(navigate, location.origin)
    if (url.origin === location.origin) return url.href
  } catch {
    // It is no address.
  }
  return new URL('/', location.origin).href
}

type SubscriptionChange = ExtendableEvent & { oldSubscription?: PushSubscription; newSubscription?: PushSubscription }

self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(subscribe(event as SubscriptionChange)))

/** The browser has changed where it can be reached: the server is told. */
async function subscribe({ oldSubscription, newSubscription }: SubscriptionChange) {
  const options = oldSubscription?.options
  const subscription = newSubscription ?? (options && (await self.registration.pushManager.subscribe(options)))
  const { endpoint, keys } = subscription?.toJSON() ?? {}
  if (!endpoint || !keys?.p256dh || !keys.auth) return
  const body = new URLSearchParams({ endpoint, p256dh: keys.p256dh, auth: keys.auth })
  await fetch('/settings/push', { method: 'POST', body })
}
