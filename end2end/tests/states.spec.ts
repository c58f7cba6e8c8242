// Every state of the page, reached or not by the tests of what people do: drawn for everyone.
import { expect, test } from '@playwright/test'
import { violations } from '../axe.js'
import { listen } from '../fixtures.js'
import { Gallery } from '../gallery.js'

let gallery: Gallery

test.beforeAll(async () => {
  gallery = await Gallery.open()
})

test.afterAll(() => gallery.close())

test.use({ reducedMotion: 'reduce' })

test('no state has a violation, a complaint, or more width than there is', async ({ page }) => {
  const complaints = listen(page)
  const states = await gallery.states()
  expect(states.length).toBeGreaterThan(25)
  for (const state of states) {
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.goto(`${gallery.url}gallery/${state}`)
    expect.soft(await violations(page, state)).toEqual([])
    // 1280 pixels at 400 % (WCAG 1.4.10).
    await page.setViewportSize({ width: 320, height: 200 })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    expect.soft(wide, state).toBeLessThanOrEqual(320)
  }
  expect(complaints).toEqual([])
})

test('tasks that may be old are shown, and said to be', async ({ page }) => {
  await page.goto(`${gallery.url}gallery/stale`)
  await expect(page.locator('.card')).toHaveAttribute('data-kind', 'todo')
  await expect(page.getByRole('button', { name: 'done' })).toBeVisible()
  await expect(page.locator('.notice:not([hidden])')).toContainText('this may be old')
})

test('with colours of the system, everything can be told apart', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'light' })
  for (const state of ['todo', 'done', 'settings', 'signed-out', 'not-connected']) {
    await page.goto(`${gallery.url}gallery/${state}`)
    const { heading, page: background } = await page.evaluate(() => ({
      heading: getComputedStyle(document.querySelector('h1')!).color,
      page: getComputedStyle(document.documentElement).backgroundColor,
    }))
    expect(heading, state).not.toBe(background)
    // A button without an edge would be a word like any other.
    for (const button of await page.locator('button:visible').all()) {
      const edge = await button.evaluate((element) => {
        const { borderTopWidth, textDecorationLine } = getComputedStyle(element)
        return borderTopWidth !== '0px' || textDecorationLine.includes('underline')
      })
      expect.soft(edge, `${state}: ${await button.textContent()}`).toBe(true)
    }
  }
})
