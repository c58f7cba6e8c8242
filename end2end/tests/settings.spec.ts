// The settings: each is saved at once by a form of its own, with scripts and without them.
import type { Page } from '@playwright/test'
import { violations } from '../axe.js'
import { expect, heading, lookAround, test } from '../fixtures.js'

/** Everything that can be set on one page, once; and what the page shows of it after it was left and come back to. */
async function setAll(page: Page, url: string) {
  const settings = `${url}settings`
  const saved = async () => {
    await expect(page.getByRole('status')).toHaveText('Saved.')
    await page.goto(settings)
    await expect(page.getByRole('status')).toBeEmpty()
  }
  await page.goto(settings)

  await page.getByLabel('Quiet from').fill('22:30')
  await page.getByLabel('Quiet until').fill('07:15')
  await page.getByLabel('At most').selectOption('once a day')
  await page.getByRole('checkbox', { name: 'Saturday' }).check()
  await page.getByRole('checkbox', { name: 'Sunday' }).check()
  await page.getByRole('button', { name: 'Keep these hours' }).click()
  await saved()
  await expect(page.getByLabel('Quiet from')).toHaveValue('22:30')
  await expect(page.getByLabel('Quiet until')).toHaveValue('07:15')
  await expect(page.getByRole('checkbox', { name: 'Sunday' })).toBeChecked()
  await expect(page.getByRole('checkbox', { name: 'Monday' })).not.toBeChecked()
  const told = 'Quiet from 22:30 to 7:15, and on Saturdays and Sundays; once a day at most.'
  await expect(page.getByText(told)).toBeVisible()

  await page.getByLabel('Later').selectOption('in five hours')
  await page.getByLabel('Evening').fill('19:45')
  await page.getByLabel('Morning').fill('06:30')
  await page.getByRole('button', { name: 'Keep these times' }).click()
  await saved()
  await expect(page.getByLabel('Later')).toHaveValue('5')
  await expect(page.getByLabel('Evening')).toHaveValue('19:45')
  await expect(page.getByLabel('Morning')).toHaveValue('06:30')

  for (const name of ['Close tasks', 'Keys']) {
    await page.getByRole('switch', { name }).click()
    await saved()
    await expect(page.getByRole('switch', { name })).not.toBeChecked()
  }

  await page.getByRole('textbox', { name: 'Time zone' }).fill('Pacific/Auckland')
  await page.getByRole('button', { name: 'Save' }).click()
  await saved()
  await expect(page.getByRole('textbox', { name: 'Time zone' })).toHaveValue('Pacific/Auckland')
  await expect(page.locator('.follows')).toContainText('By the clock of Pacific/Auckland')

  await page.getByRole('button', { name: '90 days' }).click()
  await saved()
  await expect(page.getByRole('button', { name: '90 days' })).toHaveAttribute('aria-pressed', 'true')

  // None of them has touched another.
  await expect(page.getByText(told)).toBeVisible()
  await expect(page.getByLabel('Evening')).toHaveValue('19:45')
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('each setting is saved, and is still there later', async ({ page, demo }) => {
      await lookAround(page, demo.url)
      await setAll(page, demo.url)
    })

    test('later is as late as it was chosen', async ({ page, demo }) => {
      await lookAround(page, demo.url)
      await page.goto(`${demo.url}settings`)
      await page.getByLabel('Later').selectOption('in an hour')
      await page.getByRole('button', { name: 'Keep these times' }).click()
      await expect(page.getByRole('status')).toHaveText('Saved.')
      await page.goto(demo.url)
      await page.getByRole('button', { name: 'Snooze until' }).click()
      await page.getByRole('button', { name: 'In an hour' }).click()
      await expect(page.locator('.undo')).toContainText('Back in an hour.')
    })
  })
}

test('hours that are none change nothing, and are told calmly', async ({ page, demo }) => {
  await lookAround(page, demo.url)
  await page.goto(`${demo.url}settings`)
  // A browser offers none of these: they come from a page that somebody has changed.
  const option = page.locator('[name=most] option').last()
  await option.evaluate((it) => it.setAttribute('value', '11'))
  await page.getByLabel('At most').selectOption('11')
  await page.getByLabel('Quiet from').fill('12:00')
  await page.getByRole('button', { name: 'Keep these hours' }).click()
  await expect(page.getByRole('status')).toContainText('Nothing was changed.')
  await expect(page.getByText('Quiet from 21:00 to 8:00; three times a day at most.')).toBeVisible()
  await expect(page.getByLabel('Quiet from')).toHaveValue('21:00')

  // What a browser knows to be wrong does not leave it.
  await page.getByLabel('Morning').fill('13:00')
  await page.getByRole('button', { name: 'Keep these times' }).click()
  await page.goto(`${demo.url}settings`)
  await expect(page.getByLabel('Morning')).toHaveValue('08:00')
})

test('the page is in groups, reachable by keys, and has no violation', async ({ tip, demo }) => {
  await tip.goto(`${demo.url}settings`)
  await expect(heading(tip)).toHaveText('Settings')
  await expect(tip.getByRole('heading', { level: 2 })).toHaveText([
    'What oO may do',
    'Where it looks',
    'When it speaks',
    'How it is answered',
    'You',
  ])
  await tip.getByLabel('At most').focus()
  await tip.keyboard.press('Tab')
  await expect(tip.getByRole('checkbox', { name: 'Monday' })).toBeFocused()
  await tip.keyboard.press('Space')
  await expect(tip.getByRole('checkbox', { name: 'Monday' })).toBeChecked()
  expect(await violations(tip, 'settings, a day ticked')).toEqual([])
  for (const width of [390, 320]) {
    await tip.setViewportSize({ width, height: 844 })
    const wide = await tip.evaluate(() => document.documentElement.scrollWidth)
    expect(wide, 'no more width than there is').toBeLessThanOrEqual(width)
  }
})
