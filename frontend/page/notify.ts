// Notifications on this device: signed up by a press in the settings, and a sign of life a day from then on.
const SEEN = 'oo-push-seen'
const DAY_MILLIS = 24 * 60 * 60 * 1000
/** Without its push service, Chromium's `subscribe` never ends. */
const TIMEOUT_MILLIS = 15_000

const fields = ({ endpoint, keys }: PushSubscriptionJSON) =>
  endpoint && keys?.p256dh && keys.auth ? { endpoint, p256dh: keys.p256dh, auth: keys.auth } : undefined

async function subscribe(applicationServerKey: string) {
  if ((await Notification.requestPermission()) !== 'granted') throw new Error('The browser does not allow it.')
  await navigator.serviceWorker.register('/sw.js')
  const { pushManager } = await navigator.serviceWorker.ready
  const options = { userVisibleOnly: true, applicationServerKey }
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('The browser does not reach its push service.')), TIMEOUT_MILLIS)
  })
  // One that was made with another key of this house takes nothing any more.
  const subscribed = pushManager.subscribe(options).catch(async () => {
    await (await pushManager.getSubscription())?.unsubscribe()
    return pushManager.subscribe(options)
  })
  return Promise.race([subscribed, late])
}

/** Fills the form in, once the browser has subscribed, and sends it. */
async function signUp(form: HTMLFormElement) {
  const said = form.querySelector('.told')
  const button = form.querySelector('button')
  if (button) button.disabled = true
  if (said) said.textContent = 'One moment.'
  try {
    const subscription = await subscribe(form.dataset.pushKey ?? '')
    const filled = Object.entries(fields(subscription.toJSON()) ?? {})
    for (const [name, value] of filled) form.querySelector<HTMLInputElement>(`[name=${name}]`)!.value = value
    form.submit()
  } catch (error) {
    if (said) said.textContent = `${error instanceof Error ? error.message : error} Nothing was changed.`
    if (button) button.disabled = false
  }
}

const subscription = async () => {
  const registration = await navigator.serviceWorker?.getRegistration()
  return (await registration?.pushManager?.getSubscription()) ?? undefined
}

/**
 * Tells oO once a day, and whenever somebody else is signed in, that this device is still there. What was removed over
 * there, or is somebody else's, ends here too.
 */
export async function giveSignOfLife(person: string) {
  const [who, when] = (localStorage.getItem(SEEN) ?? '').split(' ')
  if (who === person && Date.now() - Number(when) < DAY_MILLIS) return
  const endpoint = (await subscription())?.endpoint
  if (!endpoint) return
  const reply = await fetch('/settings/push/here', { method: 'POST', body: new URLSearchParams({ endpoint }) })
  if (reply.status === 410) return unsubscribe()
  if (reply.ok) localStorage.setItem(SEEN, `${person} ${Date.now()}`)
}

/** Whoever leaves this device is not spoken to here any more. */
export async function unsubscribe() {
  localStorage.removeItem(SEEN)
  await (await subscription())?.unsubscribe()
}

// The server ends it too, as the page may be gone before the browser has.
const leave = document.querySelector<HTMLInputElement>('form.leave [name=endpoint]')
if (leave) void subscription().then((subscription) => (leave.value = subscription?.endpoint ?? ''))

const form = document.querySelector<HTMLFormElement>('form[data-push-key]')
const unable = document.querySelector('.unable')
if (form && !('PushManager' in window && 'Notification' in window && navigator.serviceWorker)) {
  if (unable) unable.textContent = 'This browser takes no notifications. On an iPhone, add oO to the Home Screen first.'
} else if (form) {
  unable?.remove()
  form.hidden = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void signUp(form)
  })
}
