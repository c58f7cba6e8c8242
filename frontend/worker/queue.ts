// What was answered and could not be sent yet. It stays on this device until the server has taken it, for a
// week at most; each answer has the key of the rendering that it answers, so that it counts once however often
// it is sent. Shared by the page and the worker.

/** An answer, as the form on the page carries it; whose it is; when it was made, in milliseconds. */
export type Answer = {
  key: string
  tip_id: string
  reaction: string
  snooze?: string | undefined
  person: string
  at: number
}

/** What a page hears when an answer was taken: the next drawing, or nothing where the tip is not there any more. */
export type News = { tip_id: string; drawing?: string }

const NAME = 'oo-answers'
const WEEK_MILLIS = 7 * 24 * 60 * 60 * 1000
const TIMEOUT_MILLIS = 15_000

let opened: Promise<IDBDatabase> | undefined

/** Opened once; again, where that failed or the browser has closed it. */
function open() {
  return (opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(NAME, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(NAME, { keyPath: 'key' })
    request.onsuccess = () => {
      request.result.onclose = () => (opened = undefined)
      resolve(request.result)
    }
    request.onerror = () => reject(request.error)
  }).catch((error) => {
    opened = undefined
    throw error
  }))
}

/** Runs one request on what is kept. It is done once its transaction is. */
async function ask<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>) {
  const transaction = (await open()).transaction(NAME, mode)
  const request = act(transaction.objectStore(NAME))
  return new Promise<T>((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result)
    transaction.onabort = () => reject(transaction.error)
  })
}

/** All that is kept, the oldest first. */
export const kept = async () =>
  (await ask<Answer[]>('readonly', (store) => store.getAll())).sort((a, b) => a.at - b.at)

export const keep = (answer: Answer) => ask('readwrite', (store) => store.put(answer))

/** Takes an answer back, unless it is under way. */
export const takeBack = (key: string) => alone(() => drop(key))

/** Forgets all: somebody leaves this device. */
export const forget = () => ask('readwrite', (store) => store.clear())

/** Sends what is kept, and tells the pages. Fails when the server is out of reach: what is left is for later. */
export const flush = () => alone(send)

const alone = <T>(act: () => Promise<T>) => navigator.locks.request(NAME, act)
const drop = (key: string) => ask('readwrite', (store) => store.delete(key))

async function send() {
  let failed: Error | undefined
  for (const answer of await kept()) {
    const reply = Date.now() - answer.at < WEEK_MILLIS ? await post(answer) : undefined
    // Its person is signed out, or somebody else is signed in: it waits.
    if (reply?.status === 401 || reply?.status === 409) continue
    if (reply && (reply.status === 429 || reply.status >= 500)) {
      failed = new Error(`oO answered ${reply.status}`)
      continue
    }

    const drawing = reply?.ok ? await reply.json() : undefined
    await drop(answer.key)
    tell({ tip_id: answer.tip_id, drawing })
  }
  if (failed) throw failed
}

function post({ person, at: _, ...form }: Answer) {
  const filled = Object.entries(form).filter(([, value]) => value !== undefined) as [string, string][]
  return fetch('/api/react', {
    method: 'POST',
    headers: { 'oo-person': person },
    body: new URLSearchParams(filled),
    signal: AbortSignal.timeout(TIMEOUT_MILLIS),
  })
}

function tell(news: News) {
  const channel = new BroadcastChannel(NAME)
  channel.postMessage(news)
  channel.close()
}

/** Calls `heard` whenever an answer was taken, by whichever page or worker. */
export function listen(heard: (news: News) => void) {
  new BroadcastChannel(NAME).onmessage = (event: MessageEvent<News>) => heard(event.data)
}

/** Asks the browser to wake the worker once there is a network, where it can. */
export async function sendLater(registration: ServiceWorkerRegistration) {
  const { sync } = registration as { sync?: { register(tag: string): Promise<void> } }
  // It may be forbidden; the next page sends it then.
  await sync?.register(NAME).catch(() => {})
}
