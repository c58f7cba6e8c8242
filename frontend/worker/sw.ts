// The service worker: what is there without a network. It keeps files, and no page: what it keeps is the same for
// everybody. Pages always come from the server, so that none is older than it.
import { flush } from './queue.js'
import './push.js'

declare const self: ServiceWorkerGlobalScope

/** What scripts/site.mjs puts in: the addresses of the files, and a hash over their contents. */
declare const FILES: string[]
declare const VERSION: string

const CACHE = `oo-${VERSION}`

/** Nothing but these is looked at on its way: a return from a provider is to be asked for once, as it came. */
const PAGES = ['/', '/settings', '/consents']

/**
 * The same as the `fetch` below, for browsers that follow such rules (the Static Routing API): nothing waits for the
 * worker to start. A page is asked for once, and the worker comes in where that fails.
 */
const ROUTES = [
  ...PAGES.map((pathname) => ({
    condition: { urlPattern: { pathname }, requestMethod: 'GET', requestMode: 'navigate' },
    source: 'race-network-and-fetch-handler',
  })),
  { condition: { requestMode: 'navigate' }, source: 'network' },
  { condition: { urlPattern: { pathname: '/pkg/*' } }, source: 'cache' },
  ...FILES.map((pathname) => ({ condition: { urlPattern: { pathname } }, source: { cacheName: CACHE } })),
  { condition: { urlPattern: { pathname: '*' } }, source: 'network' },
]

type Install = ExtendableEvent & { addRoutes?(routes: typeof ROUTES): Promise<void> }

self.addEventListener('install', (event: Install) => {
  event.waitUntil(fill())
  // A browser that knows other rules does without.
  event.waitUntil(Promise.resolve(event.addRoutes?.(ROUTES)).catch(() => {}))
})
self.addEventListener('activate', (event) => event.waitUntil(takeOver()))

async function fill() {
  const cache = await caches.open(CACHE)
  await cache.addAll(FILES.map((file) => new Request(file, { cache: 'no-cache' })))
  await self.skipWaiting()
}

/** The files of one version before stay for the pages that are open; names are told in the order of their making. */
async function takeOver() {
  const others = (await caches.keys()).filter((name) => name.startsWith('oo-') && name !== CACHE)
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)))
  await self.clients.claim()
}

self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request
  const { origin, pathname } = new URL(url)
  if (method !== 'GET' || origin !== location.origin) return
  if (mode === 'navigate' && PAGES.includes(pathname)) event.respondWith(page(event.request))
  if (mode !== 'navigate' && (FILES.includes(pathname) || pathname.startsWith('/pkg/'))) {
    event.respondWith(file(event.request))
  }
})

const page = (request: Request) =>
  fetch(request).catch(async (error) => {
    const offline = await ours('/offline.html')
    if (offline) return offline
    throw error
  })

const file = async (request: Request) => (await ours(request)) ?? fetch(request)

/** Of this version, where it has it. */
const ours = async (request: RequestInfo) =>
  (await (await caches.open(CACHE)).match(request)) ?? (await caches.match(request))

// Background Sync, where the browser has it.
self.addEventListener('sync' as 'message', (event) => event.waitUntil(flush()))
