import { type Page, test as base, expect } from '@playwright/test'
import { House } from './house.js'

type Fixtures = { demo: House; tip: Page }

/** `demo`: a demo of its own. `tip`: a page in it, signed in, that must not complain in its console. */
export const test = base.extend<Fixtures>({
  demo: async ({}, use) => {
    const demo = await new House('demo').start()
    await use(demo)
    expect(await demo.remove(), 'oO stops cleanly').toBe(0)
  },
  tip: async ({ page, demo }, use) => {
    const complaints = listen(page)
    await lookAround(page, demo.url)
    await use(page)
    expect(complaints).toEqual([])
  },
})

export { expect }

/** Warnings and errors of a page, its content security policy's among them. */
export function listen(page: Page) {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) complaints.push(message.text())
  })
  return complaints
}

export async function lookAround(page: Page, url: string) {
  await page.goto(url)
  await page.getByRole('button', { name: 'Look around' }).click()
  await expect(heading(page)).toBeVisible()
}

export const heading = (page: Page) => page.getByRole('heading', { level: 1 })

/** Waits until the island listens: from then on a form does not leave the page. */
export const awake = (page: Page) =>
  page.waitForFunction(() => document.documentElement.dataset.awake === 'true')

/** Does something that answers the tip, and waits for the next one. */
export async function next(page: Page, act: () => Promise<unknown>) {
  const before = await heading(page).textContent()
  await act()
  await expect(heading(page)).not.toHaveText(before ?? '')
  return before ?? ''
}
