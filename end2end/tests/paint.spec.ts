// The page while it is on its way: its first packets are painted before the last ones are there.
import { once } from 'node:events'
import { type IncomingMessage, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Page } from '@playwright/test'
import { expect, heading, lookAround, test } from '../fixtures.js'

/** Stands before oO, and holds back what of a page stands at `cut` and after it, until it is told. */
async function slowLine(url: string, cut: string) {
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  const server = createServer(async ({ url: path, headers }, response) => {
    const asked = request(new URL(path ?? '/', url), { headers }).end()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    response.writeHead(answer.statusCode ?? 500, answer.headers)
    if (path !== '/') return answer.pipe(response)

    const page = await text(answer)
    response.write(page.slice(0, page.indexOf(cut)))
    await released
    response.end(page.slice(page.indexOf(cut)))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => (server.closeAllConnections(), server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, release, close }
}

/** How far things have moved on each page, from its beginning on: asked of the page by `moved`. */
const watch = (page: Page) =>
  page.addInitScript(() => {
    const moved: number[] = []
    const note = (entries: PerformanceEntryList) => {
      for (const entry of entries) moved.push((entry as PerformanceEntry & { value: number }).value)
    }
    const observer = new PerformanceObserver((list) => note(list.getEntries()))
    observer.observe({ type: 'layout-shift' })
    const frame = () => new Promise(requestAnimationFrame)
    const tell = () => frame().then(frame).then(() => (note(observer.takeRecords()), moved))
    Object.assign(window, { moved: tell })
  })
const moved = (page: Page) => page.evaluate(() => (window as unknown as { moved(): Promise<number[]> }).moved())

test.use({ viewport: { width: 412, height: 823 } })

const DISMISS = '<button form="react" name="reaction" value="dismiss"'
const LATE = ['<div class="below"', '<div class="after"', '<div class="foot"', DISMISS]

for (const late of LATE) {
  test(`nothing moves when this is late: ${late}`, async ({ page, demo }) => {
    await lookAround(page, demo.url)
    const line = await slowLine(demo.url, late)
    await watch(page)
    await page.goto(line.url, { waitUntil: 'commit' })
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0)
    await expect(heading(page)).toBeVisible()
    await expect(page.getByRole('button', { name: 'dismiss' })).toHaveCount(0)
    line.release()
    await expect(page.getByRole('button', { name: 'dismiss' })).toBeVisible()
    expect(await moved(page)).toEqual([])
    line.close()
  })
}
