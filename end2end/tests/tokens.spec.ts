// A token, from its making to its end, without a script on the page.
import { violations } from '../axe.js'
import { expect, heading, listen, lookAround, test } from '../fixtures.js'

test.use({ javaScriptEnabled: false })

test('a token is made, shown once, used by a script, and revoked', async ({ page, demo, playwright }) => {
  const complaints = listen(page)
  await lookAround(page, demo.url)
  const text = await heading(page).textContent()
  await page.goto(`${demo.url}settings`)
  await page.getByText('New token').click()
  await page.getByLabel('Name').fill('the kitchen display')
  await page.getByLabel('It ends after').selectOption('30 days')
  await expect(page.getByLabel('See the tip that is open')).toBeChecked()
  await page.getByRole('button', { name: 'Make it' }).click()

  await expect(heading(page)).toHaveText('A new token.')
  const token = (await page.locator('#token').textContent()) ?? ''
  expect(token).toMatch(/^oo_[\w-]{43}$/)
  expect(page.url()).not.toContain(token)

  // A script: it has no cookies, and is no browser.
  const script = await playwright.request.newContext({ extraHTTPHeaders: { authorization: `Bearer ${token}` } })
  const tip = () => script.get(`${demo.url}api/v1/tip`)
  expect((await (await tip()).json()).tip.text).toBe(text)
  expect((await script.post(`${demo.url}api/v1/recommend`)).status()).toBe(403)

  await page.getByRole('link', { name: 'I have it' }).click()
  const row = page.getByRole('listitem').filter({ hasText: 'the kitchen display' })
  await expect(row).toContainText('may see the tip; used today; ends in 30 days')
  expect(await page.content()).not.toContain('oo_')
  await row.getByRole('button', { name: 'Revoke the kitchen display' }).click()
  await expect(page.getByRole('status')).toHaveText('That token is revoked.')
  await expect(row).toHaveCount(0)
  expect((await tip()).status()).toBe(401)
  await script.dispose()
  expect(complaints).toEqual([])
})

test.describe('with scripts', () => {
  test.use({ javaScriptEnabled: true })

  test('making a token has no violation', async ({ tip, demo }) => {
    await tip.goto(`${demo.url}settings`)
    await tip.getByText('New token').click()
    expect(await violations(tip, 'the form')).toEqual([])
    await tip.getByLabel('Name').fill('<b>a name</b>')
    await tip.getByRole('button', { name: 'Make it' }).click()
    await expect(tip.getByText('This is <b>a name</b>.')).toBeVisible()
    expect(await violations(tip, 'the new token')).toEqual([])
  })
})
