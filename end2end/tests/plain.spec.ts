// Without scripts, and before they have arrived: everything is a form.
import { awake, expect, heading, lookAround, next, test } from '../fixtures.js'

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('tips are answered, snoozed and taken back', async ({ page, demo }) => {
    await lookAround(page, demo.url)
    const done = await next(page, () => page.getByRole('button', { name: 'done' }).click())
    expect(page.url()).toBe(demo.url)
    await next(page, () => page.getByRole('button', { name: 'snooze', exact: true }).click())
    await next(page, () => page.getByRole('button', { name: 'dismiss' }).click())
    await next(page, () => page.getByRole('button', { name: 'undo' }).click())
    await expect(heading(page)).not.toHaveText(done)
    await page.locator('details.why summary').click()
    await expect(page.locator('details.why li').first()).toBeVisible()
  })

  test('a snooze can be chosen', async ({ page, demo }) => {
    await lookAround(page, demo.url)
    await page.getByRole('button', { name: 'Snooze until' }).click()
    await next(page, () => page.getByRole('button', { name: 'Tomorrow morning' }).click())
    await expect(page.locator('.undo')).toContainText('tomorrow')
  })

  test('settings are saved', async ({ page, demo }) => {
    await lookAround(page, demo.url)
    await page.getByRole('link', { name: 'settings' }).click()
    await page.getByRole('switch', { name: 'Close tasks' }).click()
    await expect(page.getByRole('switch', { name: 'Close tasks' })).not.toBeChecked()
    await page.getByRole('textbox', { name: 'Time zone' }).fill('Europe/Lisbon')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('status')).toHaveText('Saved.')
    await expect(page.getByRole('textbox', { name: 'Time zone' })).toHaveValue('Europe/Lisbon')
    await page.getByRole('textbox', { name: 'Time zone' }).fill('Europe/Atlantis')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('status')).toContainText('no time zone of that name')
  })

  test('an answer to a tip that was answered elsewhere is told', async ({ page, demo, context }) => {
    await lookAround(page, demo.url)
    const other = await context.newPage()
    await other.goto(demo.url)
    await next(page, () => page.getByRole('button', { name: 'done' }).click())
    await other.getByRole('button', { name: 'dismiss' }).click()
    await expect(other.locator('.notice:not([hidden])')).toBeVisible()
    await expect(heading(other)).toHaveText((await heading(page).textContent()) ?? '')
  })
})

test('before the island wakes up, a button is a form', async ({ page, demo }) => {
  let arrive = () => {}
  const late = new Promise<void>((resolve) => (arrive = resolve))
  await page.route('**/*.wasm', async (route) => {
    await late
    await route.continue().catch(() => {})
  })
  await lookAround(page, demo.url)
  await next(page, () => page.getByRole('button', { name: 'done' }).click())
  arrive()
  await page.unroute('**/*.wasm')
  await page.reload()
  await awake(page)
  await next(page, () => page.keyboard.press('d'))
})

test('without WASM, a button is a form', async ({ page, demo }) => {
  await page.route('**/*.wasm', (route) => route.abort())
  await lookAround(page, demo.url)
  await next(page, () => page.getByRole('button', { name: 'snooze', exact: true }).click())
  await next(page, () => page.getByRole('button', { name: 'undo' }).click())
})

test('another site cannot make it act', async ({ demo, request }) => {
  for (const path of ['demo', 'sign-out', 'settings/keys', 'api/react', 'api/undo', 'api/set_time_zone']) {
    const answer = await request.post(`${demo.url}${path}`, {
      headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      form: { on: 'false' },
      maxRedirects: 0,
    })
    expect(answer.status(), path).toBe(403)
  }
})
