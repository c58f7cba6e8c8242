// What Lighthouse measures of the tip page on a phone, by the clock of this machine: rows of a table, each the median
// of several looks. See scripts/bench/lighthouse.sh.
import { loadavg } from 'node:os'
import type { Result } from 'lighthouse'
import { House } from './house.js'
import { Lens, score } from './lighthouse.js'

const LOOKS = 5

/** Slow 4G (150 ms, 1.6 Mbit/s) and a processor four times as slow: reckoned from an unhindered look, or applied. */
const THROTTLINGS = ['simulate', 'devtools'] as const

const MEASURES: Record<string, (found: Result) => number> = {
  performance: (found) => score(found, 'performance'),
  'FCP ms': millis('first-contentful-paint'),
  'LCP ms': millis('largest-contentful-paint'),
  'SI ms': millis('speed-index'),
  'TBT ms': millis('total-blocking-time'),
  'TTI ms': millis('interactive'),
  CLS: value('cumulative-layout-shift'),
}

function value(audit: string) {
  return ({ audits }: Result) => audits[audit]?.numericValue ?? NaN
}

function millis(audit: string) {
  return (found: Result) => Math.round(value(audit)(found))
}

function median(values: number[]) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}

const row = (...cells: unknown[]) => console.log(`| ${cells.join(' | ')} |`)

/** `again`: with the files and the worker that earlier visits have left. */
async function measure(lens: Lens, url: string, page: string, again: boolean) {
  for (const throttlingMethod of THROTTLINGS) {
    const found: Result[] = []
    for (let look = 0; look < LOOKS; look += 1) {
      found.push(
        await lens.look(url, { onlyCategories: ['performance'], throttlingMethod, disableStorageReset: again }),
      )
    }
    row(page, throttlingMethod, ...Object.values(MEASURES).map((of) => Number(median(found.map(of)).toFixed(3))))
  }
}

const house = await new House('demo', { OO_LOG: 'warn' }).start()
const lens = await Lens.open()
row('Lighthouse', 'throttling', ...Object.keys(MEASURES))
await measure(lens, house.url, 'the first page', false)

const page = await lens.context.newPage()
await page.goto(house.url)
await page.getByRole('button', { name: 'Look around' }).click()
await page.getByRole('button', { name: 'done' }).waitFor()
await page.goto('about:blank')
await measure(lens, house.url, 'tip page, first visit', false)

await page.goto(house.url)
await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated')
await page.goto('about:blank')
await measure(lens, house.url, 'tip page, another visit', true)
console.log(`The machine's load was ${loadavg()[0]!.toFixed(1)} at the end.`)

await lens.close()
await house.remove()
