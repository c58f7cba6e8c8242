// What an installed oO needs of a page, beside the island and without it: the worker, the answers that are kept
// while there is no network, the badge.
import { flush, forget, keep, kept, listen, sendLater, takeBack, type Answer } from '../worker/queue.js'
import { countDone, suggestInstalling } from './install.js'
import { giveSignOfLife, unsubscribe } from './notify.js'

const KEPT = 'Kept. It is sent when you are online again.'

/** Whoever sends one of these forms leaves nothing here. */
const LEAVING = ['/sign-out', '/settings/devices/sign-out-all', '/settings/erase/now']

const find = <T extends HTMLElement>(selector: string) => document.querySelector<T>(selector)
const tip = () => find<HTMLInputElement>('#react [name=tip_id]')?.value
const quietly = (promise: Promise<unknown> | undefined) => promise?.catch(() => {})

/** The kept answer to each tip, as far as this page knows. */
let waiting = new Map<string, Answer>()

/** Shows that the tip on the page is answered, though nobody but this device knows. */
function mark() {
  const answer = waiting.get(tip() ?? '')
  const shown = find('.kept')
  if (!answer === !shown) return
  for (const button of document.querySelectorAll<HTMLButtonElement>('.actions button')) button.disabled = !!answer
  shown?.remove()
  if (answer) {
    if (document.activeElement === document.body) find('h1')?.focus()
    find('.after')?.replaceChildren(notice(answer))
  }
}

function notice(answer: Answer) {
  const line = Object.assign(document.createElement('p'), { className: 'notice kept', role: 'status' })
  const said = Object.assign(document.createElement('span'), { className: 'said', textContent: KEPT })
  const undo = Object.assign(document.createElement('button'), { type: 'button', textContent: 'undo' })
  // Single keys, where they are on.
  if (find('[aria-keyshortcuts=d]')) undo.setAttribute('aria-keyshortcuts', 'u')
  undo.onclick = () => quietly(takeBack(answer.key).then(remember))
  line.append(said, ' ', undo)
  return line
}

async function remember() {
  waiting = new Map((await kept()).map((answer) => [answer.tip_id, answer]))
  mark()
}

const register = () => quietly(navigator.serviceWorker?.register('/sw.js'))

/** Tries to send what is kept. */
const send = () => quietly(remember().then(() => (waiting.size > 0 ? flush() : undefined)))

// The island could not send an answer, and asks whether somebody keeps it.
addEventListener('unsent', (event) => {
  const { reaction, snooze, tip_id, key } = Object.fromEntries((event as CustomEvent<URLSearchParams>).detail)
  const person = find('main')?.dataset.person
  if (!reaction || !tip_id || !key || !person) return
  event.preventDefault()
  const answer = { key, tip_id, reaction, snooze, person, at: Date.now() }
  quietly(keep(answer).then(remember, () => find('.failed')?.removeAttribute('hidden')))
  quietly(navigator.serviceWorker?.ready.then(sendLater))
})

// One was sent, by whichever page or worker.
listen(async ({ tip_id, drawing }) => {
  const was = waiting.has(tip_id) || tip_id === tip()
  await remember()
  if (drawing) dispatchEvent(new CustomEvent('drawn', { detail: drawing }))
  else if (was && tip()) location.replace('/?notice=tip-gone')
})

addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement
  if (LEAVING.includes(new URL(form.action).pathname)) {
    quietly(forget())
    quietly(unsubscribe())
  }
  if ((event.submitter as HTMLButtonElement | null)?.value === 'done') countDone()
})

/** A shortcut names the answer that is at hand: it has the focus, and waits to be pressed. */
let act = new URLSearchParams(location.search).get('act')

function look() {
  mark()
  suggestInstalling()
  const button = act && find(`.actions > button[value="${CSS.escape(act)}"], .split > button[value="${CSS.escape(act)}"]`)
  if (button) {
    act = null
    button.focus({ focusVisible: true } as FocusOptions)
    history.replaceState(null, '', '/')
  }
}

/** The badge says that a tip waits, while nobody sees it; on a page, notifications have nothing to add. */
async function badge() {
  if (document.hidden) return tip() && !waiting.has(tip()!) ? navigator.setAppBadge?.() : undefined
  await navigator.clearAppBadge?.()
  const registration = await navigator.serviceWorker?.getRegistration()
  const notifications = (await registration?.getNotifications()) ?? []
  if (!document.hidden) for (const notification of notifications) notification.close()
}

const news = new MutationObserver(() => {
  look()
  quietly(badge())
})

document.addEventListener('visibilitychange', () => {
  quietly(badge())
  if (!document.hidden) send()
})
addEventListener('online', () => (find('[data-offline]') ? location.reload() : send()))
addEventListener('beforeinstallprompt', look)

const main = find('main')
if (main) news.observe(main, { childList: true, subtree: true })
look()
quietly(badge())
send()
if (main?.dataset.person) quietly(giveSignOfLife(main.dataset.person))
// For whoever is signed in, and after what the page itself needs.
if (main?.dataset.person) document.readyState === 'complete' ? register() : addEventListener('load', register)
