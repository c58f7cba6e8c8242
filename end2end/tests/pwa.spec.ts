// oO as an app: installed, without a network, and spoken to by notifications.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type BrowserContext, type CDPSession, type Page, type Worker, chromium } from '@playwright/test'
import { awake, expect, heading, listen, lookAround, next, test } from '../fixtures.js'
import { House } from '../house.js'

const KEPT = 'Kept. It is sent when you are online again.'
const SITE = resolve(process.env.OO_BIN ?? '../target/dist/oo', '../site')

const notice = (page: Page) => page.locator('.notice:not([hidden])')
const reactions = (house: House) => Number(house.query('select count(*) from recommender.reaction'))
const openTip = (house: House) => house.query("select tip_id from recommender.tip where state = 'open'")
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const online = (page: Page) => page.evaluate(() => window.dispatchEvent(new Event('online')))

/** Waits until the worker has the page, and its files. */
const controlled = (page: Page) =>
  page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated')

/** Signed in, awake, and with a worker. */
async function ready(page: Page, url: string) {
  await lookAround(page, url)
  await awake(page)
  await controlled(page)
}

type App = { page: Page; worker: Worker; demo: House; deliver: (data: unknown) => Promise<void> }

/** `app`: a page in a profile that lasts, which installing and notifications ask for, with its worker. */
const app = test.extend<{ app: App }>({
  app: async ({ demo }, use) => {
    const profile = mkdtempSync(join(tmpdir(), 'oo-profile-'))
    const { executablePath, args } = test.info().project.use.launchOptions ?? {}
    const context: BrowserContext = await chromium.launchPersistentContext(profile, {
      ...(executablePath ? { executablePath } : {}),
      args: args ?? [],
    })
    await context.grantPermissions(['notifications'])
    const page = context.pages()[0] ?? (await context.newPage())
    await ready(page, demo.url)
    const cdp = await context.newCDPSession(page)
    const registered = registration(cdp)
    await cdp.send('ServiceWorker.enable')
    const registrationId = await registered
    await expect.poll(() => context.serviceWorkers().length).toBe(1)
    const worker = context.serviceWorkers()[0]!
    const deliver = async (data: unknown) => {
      const origin = new URL(demo.url).origin
      const sent = typeof data === 'string' ? data : JSON.stringify(data)
      const before = await worker.evaluate(countShown)
      await cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: sent })
      await expect.poll(() => worker.evaluate(countShown)).toBe(before + 1)
    }
    await use({ page, worker, demo, deliver })
    await context.close()
    rmSync(profile, { recursive: true, force: true })
  },
})

/**
 * How many notifications the worker has shown since this was first asked. Whoever asks for the list while one is on its
 * way makes Chromium drop it, as one that is in its database and not on the screen.
 */
function countShown() {
  const scope = self as unknown as { registration: ServiceWorkerRegistration; shownTimes?: number }
  if (scope.shownTimes === undefined) {
    scope.shownTimes = 0
    const show = scope.registration.showNotification.bind(scope.registration)
    scope.registration.showNotification = async (...told) => {
      await show(...told)
      scope.shownTimes! += 1
    }
  }
  return scope.shownTimes
}

const registration = (cdp: CDPSession) =>
  new Promise<string>((resolve) =>
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const found = registrations.find(({ isDeleted }) => !isDeleted)
      if (found) resolve(found.registrationId)
    }),
  )

app('it can be installed', async ({ app: { page, demo } }) => {
  const cdp = await page.context().newCDPSession(page)
  expect((await cdp.send('Page.getInstallabilityErrors')).installabilityErrors).toEqual([])

  const told = await page.request.get(`${demo.url}manifest.webmanifest`)
  expect(told.headers()['content-type']).toBe('application/manifest+json')
  const manifest = await told.json()
  const pictures = [...manifest.icons, ...manifest.screenshots] as { src: string; sizes: string; type: string }[]
  for (const { src, sizes, type } of pictures.filter(({ sizes }) => sizes !== 'any')) {
    const size = await page.evaluate(async ([src, type]) => {
      const picture = await fetch(src!)
      const { width, height } = await createImageBitmap(await picture.blob())
      return picture.headers.get('content-type') === type && `${width}x${height}`
    }, [src, type])
    expect(size, src).toBe(sizes)
  }
})

test('a shortcut only brings the answer to hand', async ({ tip, demo }) => {
  const text = (await heading(tip).textContent()) ?? ''
  await tip.goto(`${demo.url}?act=done`)
  await awake(tip)
  await expect(tip.getByRole('button', { name: 'done' })).toBeFocused()
  await expect(heading(tip)).toHaveText(text)
  expect(reactions(demo)).toBe(0)
  await next(tip, () => tip.keyboard.press('Enter'))
  expect(reactions(demo)).toBe(1)
})

test('nothing that is somebody’s is in a cache', async ({ tip, demo }) => {
  await awake(tip)
  await controlled(tip)
  await tip.goto(`${demo.url}settings`)
  await tip.goto(demo.url)
  await awake(tip)
  await next(tip, () => press(tip, 'done'))
  const cached = await tip.evaluate(async () => {
    const names = await caches.keys()
    const files = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
    return files.flat().map(({ url }) => new URL(url).pathname)
  })
  const expected = [/^\/favicon\.svg$/, /^\/icons\/192\.png$/, /^\/offline\.html$/, /^\/pkg\/oo\.[\w-]+\.(css|js|page\.js|wasm)$/]
  expect(cached.filter((path) => !expected.some((known) => known.test(path)))).toEqual([])
  expect(cached).toHaveLength(7)
})

test.describe('without the server', () => {
  test('there is a page that says so, and a way back', async ({ page, demo }) => {
    await ready(page, demo.url)
    const text = (await heading(page).textContent()) ?? ''
    await demo.stop()
    for (const path of ['', 'settings']) {
      await page.goto(`${demo.url}${path}`)
      await expect(heading(page)).toHaveText('oO is offline.')
      await expect(heading(page)).toHaveCSS('font-family', /serif/)
    }
    await page.goto(demo.url)
    await demo.start(new URL(demo.url).host)
    await page.getByRole('link', { name: 'Try again' }).click()
    await expect(heading(page)).toHaveText(text)
  })

  test('an answer is kept over a reload, and sent once', async ({ page, demo }) => {
    await ready(page, demo.url)
    const text = (await heading(page).textContent()) ?? ''
    await demo.stop()
    await press(page, 'done')
    await expect(notice(page)).toContainText(KEPT)
    await expect(heading(page)).toHaveText(text)
    await expect(page.getByRole('button', { name: 'dismiss' })).toBeDisabled()
    await page.reload()
    await expect(heading(page)).toHaveText('oO is offline.')

    await demo.start(new URL(demo.url).host)
    const other = await page.context().newPage()
    await Promise.all([page.goto(demo.url), other.goto(demo.url)])
    for (const each of [page, other]) {
      await expect(heading(each)).not.toHaveText(text)
      await expect(notice(each)).toHaveCount(0)
    }
    expect(reactions(demo)).toBe(1)
    await page.reload()
    await awake(page)
    await online(page)
    await next(page, () => press(page, 'dismiss'))
    expect(reactions(demo)).toBe(2)
  })

  test('a page that stays open sends it when it is back, and can take it back before', async ({ page, demo }) => {
    await ready(page, demo.url)
    const text = (await heading(page).textContent()) ?? ''
    await demo.stop()
    await page.keyboard.press('d')
    await expect(notice(page)).toContainText(KEPT)
    await page.keyboard.press('u')
    await expect(notice(page)).toHaveCount(0)
    await press(page, 'snooze')
    await expect(notice(page)).toContainText(KEPT)

    await demo.start(new URL(demo.url).host)
    await online(page)
    await expect(heading(page)).not.toHaveText(text)
    expect(demo.query('select string_agg(reaction::text, null) from recommender.reaction')).toBe('snooze')
    await press(page, 'undo')
    await expect(heading(page)).toHaveText(text)
  })

  test('one that comes too late is told so', async ({ page, demo }) => {
    await ready(page, demo.url)
    await demo.stop()
    await press(page, 'done')
    await expect(notice(page)).toContainText(KEPT)
    await demo.start(new URL(demo.url).host)
    demo.query("update recommender.tip set state = 'lapsed' where state = 'open'")
    await online(page)
    await expect(notice(page)).toHaveText('That one is no longer there.')
    expect(reactions(demo)).toBe(0)
  })

  test('it waits for its person, and goes when they leave', async ({ page, demo }) => {
    await ready(page, demo.url)
    const kept = () =>
      page.evaluate(
        () =>
          new Promise((resolve) => {
            const open = indexedDB.open('oo-answers')
            open.onsuccess = () => {
              const count = open.result.transaction('oo-answers').objectStore('oo-answers').count()
              count.onsuccess = () => resolve(count.result)
            }
          }),
      )
    await demo.stop()
    await press(page, 'done')
    await expect(notice(page)).toContainText(KEPT)
    await demo.start(new URL(demo.url).host)

    // Another person is signed in by now: whoever asks is told whose answers are taken.
    const status = (person: string) =>
      page.evaluate(async (person) => {
        const headers = { 'oo-person': person }
        return (await fetch('/api/stage', { method: 'POST', headers })).status
      }, person)
    expect(await status('01900000-0000-7000-8000-000000000000')).toBe(409)
    expect(await status((await page.locator('main').getAttribute('data-person')) ?? '')).toBe(200)

    const cookies = await page.context().cookies()
    await page.context().clearCookies()
    await page.goto(demo.url)
    await expect(page.getByRole('button', { name: 'Look around' })).toBeVisible()
    await page.waitForFunction(async () => {
      const { held, pending } = await navigator.locks.query()
      return held?.length === 0 && pending?.length === 0
    })
    expect(await kept()).toBe(1)
    expect(reactions(demo)).toBe(0)

    await page.context().addCookies(cookies)
    // Held back, so that it is still there when they leave.
    await page.route('**/api/react', (route) => route.abort())
    await page.goto(`${demo.url}settings`)
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await expect(page.getByRole('button', { name: 'Look around' })).toBeVisible()
    expect(await kept()).toBe(0)
  })
})

test('nothing waits for the worker to start', async ({ page, demo }) => {
  await ready(page, demo.url)
  const cdp = await page.context().newCDPSession(page)
  const seen: string[] = []
  cdp.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
    for (const { runningStatus } of versions) seen.push(runningStatus)
  })
  await cdp.send('ServiceWorker.enable')
  const stop = async () => {
    await cdp.send('ServiceWorker.stopAllWorkers')
    await expect.poll(() => seen.at(-1)).toBe('stopped')
  }

  await stop()
  seen.length = 0
  await next(page, () => press(page, 'done'))
  const files = await page.evaluate(async () => {
    const own = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)
    const fetched = await Promise.all(own.filter((path) => path.startsWith('/pkg/')).map((path) => fetch(path)))
    return fetched.map(({ ok }) => ok)
  })
  expect(files).toEqual([true, true, true])
  expect(seen, 'it sleeps').toEqual([])

  // It is woken for a page, in case that does not come; that is asked for once all the same.
  demo.log = ''
  await page.goto(`${demo.url}settings`)
  await expect(heading(page)).toBeVisible()
  expect(demo.log.match(/route="\/settings"/g)).toHaveLength(1)
})

test('a new version takes over, and leaves the files of the last one', async ({ page }) => {
  const site = mkdtempSync(join(tmpdir(), 'oo-site-'))
  cpSync(SITE, site, { recursive: true })
  const demo = await new House('demo', { LEPTOS_SITE_ROOT: site }).start()
  const complaints = listen(page)
  await ready(page, demo.url)
  const names = () => page.evaluate(() => caches.keys())
  const [first] = await names()

  // As a browser does at each visit.
  const update = () => page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()))
  for (const [version, ...expected] of [
    ['second', first, 'oo-second'],
    ['third', 'oo-second', 'oo-third'],
  ]) {
    const sw = join(site, 'sw.js')
    const source = readFileSync(join(SITE, 'sw.js'), 'utf8').replace(first!.slice('oo-'.length), version!)
    writeFileSync(sw, source)
    for (const suffix of ['.br', '.gz']) rmSync(sw + suffix, { force: true })
    await expect.poll(() => update().then(names)).toEqual(expected)
  }
  await next(page, () => press(page, 'done'))
  expect(complaints).toEqual([])
  await demo.remove()
  rmSync(site, { recursive: true })
})

test('the badge tells of a tip that nobody sees', async ({ page, demo }) => {
  await page.addInitScript(() => {
    const badges: string[] = []
    Object.assign(window, { badges })
    navigator.setAppBadge = async () => void badges.push('set')
    navigator.clearAppBadge = async () => void badges.push('cleared')
  })
  await ready(page, demo.url)
  const look = (hidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    }, hidden)
  const last = () => page.evaluate(() => (window as unknown as { badges: string[] }).badges.at(-1))
  await expect.poll(last).toBe('cleared')
  await look(true)
  await expect.poll(last).toBe('set')
  await look(false)
  await expect.poll(last).toBe('cleared')
})

test('after the third thing done, how to install it is said once', async ({ page, demo }) => {
  await ready(page, demo.url)
  const offer = () =>
    page.evaluate(() => {
      const event = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), { prompt: async () => {} })
      window.dispatchEvent(event)
      return event.defaultPrevented
    })
  const line = page.locator('.install')
  /** The time for undo is over. */
  const later = () =>
    page.locator('.undo').evaluate((undo) => undo.dispatchEvent(new AnimationEvent('animationend', { animationName: 'leave', bubbles: true })))
  expect(await offer()).toBe(true)
  for (const times of [1, 2, 3]) {
    await expect(line).toHaveCount(0)
    await next(page, () => press(page, 'done'))
    await expect(line).toHaveCount(0)
    await later()
    if (times < 3) await expect(page.locator('.undo')).toHaveCount(0)
  }
  await expect(line).toContainText('oO can live on this device.')
  await line.getByRole('button', { name: 'no' }).click()
  await expect(line).toHaveCount(0)
  await page.reload()
  await awake(page)
  await offer()
  await expect(line).toHaveCount(0)
})

test.describe('a notification', () => {
  const KEY = '01900000-0000-7000-8000-00000000000a'
  const message = (tip_id: string, person: string) => ({
    web_push: 8030,
    notification: {
      title: 'Water the basil.',
      body: 'today',
      navigate: '/',
      tag: tip_id,
      actions: [
        { action: 'done', title: 'Done' },
        { action: 'snooze', title: 'Later' },
      ],
    },
    oo: { tip_id, key: KEY, person },
  })
  const shown = (page: Page) =>
    page.evaluate(async () => {
      const all = await (await navigator.serviceWorker.ready).getNotifications()
      return all.map((it) => {
        const { actions = [] } = it as Notification & { actions?: { action: string }[] }
        return { title: it.title, body: it.body, tag: it.tag, actions: actions.map(({ action }) => action) }
      })
    })
  /** Presses it, as nobody can by script but in the worker itself. */
  const click = (worker: Worker, action: string) =>
    worker.evaluate(async (action) => {
      const scope = self as unknown as EventTarget & {
        registration: ServiceWorkerRegistration
        NotificationEvent: new (type: string, init: object) => Event
      }
      const [notification] = await scope.registration.getNotifications()
      const event = new scope.NotificationEvent('notificationclick', { notification, action })
      const work: Promise<unknown>[] = []
      Object.defineProperty(event, 'waitUntil', { value: (it: Promise<unknown>) => work.push(it) })
      scope.dispatchEvent(event)
      await Promise.all(work)
    }, action)
  const hide = (page: Page) =>
    page.evaluate(() => Object.defineProperty(document, 'hidden', { value: true, configurable: true }))
  const personOn = async (page: Page) => (await page.locator('main').getAttribute('data-person')) ?? ''

  app('shows what was sent, and something plain for what cannot be read', async ({ app: { page, demo, deliver } }) => {
    await hide(page)
    const tip = openTip(demo)
    await deliver(message(tip, await personOn(page)))
    const told = { title: 'Water the basil.', body: 'today', tag: tip, actions: ['done', 'snooze'] }
    await expect.poll(() => shown(page)).toEqual([told])
    await deliver('<html>')
    const plain = { title: 'oO', body: 'There is something for you.', tag: '', actions: [] }
    await expect.poll(() => shown(page)).toEqual(expect.arrayContaining([told, plain]))
    await deliver({ notification: { title: 1, actions: [{ action: 'erase', title: 'x' }] }, oo: null })
    await expect.poll(async () => (await shown(page)).length).toBe(3)
  })

  app('is answered exactly once, and the page follows', async ({ app: { page, worker, demo, deliver } }) => {
    await hide(page)
    const text = (await heading(page).textContent()) ?? ''
    const sent = message(openTip(demo), await personOn(page))
    for (let times = 0; times < 2; times += 1) {
      await deliver(sent)
      await expect.poll(async () => (await shown(page)).length).toBe(1)
      await click(worker, 'done')
      await expect.poll(() => shown(page)).toEqual([])
      await expect(heading(page)).not.toHaveText(text)
      expect(demo.query(`select count(*) || ' ' || min(reaction) from recommender.reaction`)).toBe('1 done')
    }
  })

  app('is answered without a network too, later', async ({ app: { page, worker, demo, deliver } }) => {
    await hide(page)
    const text = (await heading(page).textContent()) ?? ''
    await deliver(message(openTip(demo), await personOn(page)))
    await expect.poll(async () => (await shown(page)).length).toBe(1)
    await demo.stop()
    await click(worker, 'snooze')
    await demo.start(new URL(demo.url).host)
    await page.goto(demo.url)
    await expect(heading(page)).not.toHaveText(text)
    expect(demo.query(`select count(*) || ' ' || min(reaction) from recommender.reaction`)).toBe('1 snooze')
  })

  app('goes when the page is there', async ({ app: { page, demo, deliver } }) => {
    await hide(page)
    await deliver(message(openTip(demo), await personOn(page)))
    await expect.poll(async () => (await shown(page)).length).toBe(1)
    await page.reload()
    await expect.poll(() => shown(page)).toEqual([])
  })
})
