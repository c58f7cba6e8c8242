// What Lighthouse says that does not depend on the clock; scripts/bench/lighthouse.sh measures what does.
import { expect, lookAround, test } from '../fixtures.js'
import { Lens, failing, score } from '../lighthouse.js'

const CATEGORIES = ['accessibility', 'best-practices', 'seo']
const SHIFT = 'cumulative-layout-shift'

/** What each page falls short of. */
async function shortcomings(lens: Lens, url: string) {
  const found = await lens.look(url, {
    onlyCategories: CATEGORIES,
    onlyAudits: [SHIFT],
    throttlingMethod: 'provided',
  })
  expect(found.finalDisplayedUrl).toBe(url)
  expect(found.audits[SHIFT]?.numericValue, `${url}: nothing moves`).toBe(0)
  return CATEGORIES.flatMap((category) => (score(found, category) >= 99 ? [] : failing(found, category)))
}

test('a phone is shown pages that nothing is wrong with', async ({ demo }) => {
  test.slow()
  const lens = await Lens.open()
  expect(await shortcomings(lens, demo.url)).toEqual([])
  const page = await lens.context.newPage()
  await lookAround(page, demo.url)
  await page.close()
  expect(await shortcomings(lens, demo.url)).toEqual([])
  await lens.close()
})
