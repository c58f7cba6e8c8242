// The tip page, as a person with a keyboard uses it.
import { awake, expect, heading, listen, lookAround, next, test } from '../fixtures.js'

test('a tip is answered by a key, and the next one is there', async ({ tip }) => {
  await awake(tip)
  const seen = new Set<string>()
  for (const key of ['d', 's', 'x']) seen.add(await next(tip, () => tip.keyboard.press(key)))
  expect(seen.size).toBe(3)
  expect(seen).not.toContain(await heading(tip).textContent())
})

test('reloading decides nothing', async ({ tip }) => {
  const text = await heading(tip).textContent()
  await tip.reload()
  await expect(heading(tip)).toHaveText(text ?? '')
})

test('u takes the answer back', async ({ tip }) => {
  await awake(tip)
  const done = await next(tip, () => tip.keyboard.press('d'))
  await tip.keyboard.press('u')
  await expect(heading(tip)).toHaveText(done)
  await expect(tip.getByRole('button', { name: 'undo' })).toHaveCount(0)
})

test('w tells why, and ? tells the keys', async ({ tip }) => {
  await awake(tip)
  await tip.keyboard.press('w')
  await expect(tip.locator('details.why li').first()).toBeVisible()
  await tip.keyboard.press('?')
  await expect(tip.getByRole('dialog', { name: 'Keys' })).toBeVisible()
})

test('keys with modifiers, and repeated ones, do nothing', async ({ tip }) => {
  await awake(tip)
  const text = (await heading(tip).textContent()) ?? ''
  const asked: string[] = []
  tip.on('request', (request) => asked.push(request.url()))
  for (const chord of ['Control+d', 'Alt+d', 'Meta+d']) await tip.keyboard.press(chord)
  await tip.evaluate(() =>
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'd', repeat: true, bubbles: true })),
  )
  // Whatever a key asks for is asked at once: what the page asks next shows that nothing came before it.
  await tip.keyboard.press('w')
  await expect(tip.locator('details.why')).toHaveAttribute('open', '')
  expect(asked.filter((url) => url.includes('/api/react'))).toEqual([])
  await expect(heading(tip)).toHaveText(text)
})

test('keys can be turned off on this device', async ({ tip, demo }) => {
  await tip.goto(`${demo.url}settings`)
  await tip.getByRole('switch', { name: 'Keys' }).click()
  await expect(tip.getByRole('switch', { name: 'Keys' })).not.toBeChecked()
  await tip.goto(demo.url)
  await awake(tip)
  const text = (await heading(tip).textContent()) ?? ''
  await tip.keyboard.press('d')
  await next(tip, () => tip.getByRole('button', { name: 'dismiss' }).click())
  await tip.getByRole('button', { name: 'undo' }).click()
  await expect(heading(tip)).toHaveText(text)
})

test('of two pages one answers, and the other is told so', async ({ tip, context, demo }) => {
  const other = await context.newPage()
  const complaints = listen(other)
  await other.goto(demo.url)
  await awake(other)
  await awake(tip)
  await next(tip, () => tip.keyboard.press('d'))
  await other.keyboard.press('x')
  await expect(other.locator('.notice:not([hidden])')).toBeVisible()
  await expect(heading(other)).toHaveText((await heading(tip).textContent()) ?? '')
  expect(complaints).toEqual([])
})

test('the session is kept as it has to be, and ends', async ({ tip, context, demo }) => {
  const cookie = (await context.cookies()).find(({ name }) => name === '__Host-oo')
  expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' })
  await tip.goto(`${demo.url}settings`)
  await tip.getByRole('button', { name: 'Sign out' }).click()
  await expect(tip.getByRole('button', { name: 'Look around' })).toBeVisible()
  await context.addCookies([cookie!])
  await tip.goto(demo.url)
  await expect(tip.getByRole('button', { name: 'Look around' })).toBeVisible()
})

test('a killed server comes back with the same tip', async ({ page, demo }) => {
  await lookAround(page, demo.url)
  const text = (await heading(page).textContent()) ?? ''
  await demo.restart('SIGKILL')
  await page.reload()
  await expect(heading(page)).toHaveText(text)
})
