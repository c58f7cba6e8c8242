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

test('a key that is held down answers one tip', async ({ tip }) => {
  await awake(tip)
  const asked: string[] = []
  tip.on('request', (request) => asked.push(request.url()))
  await tip.getByRole('button', { name: 'done' }).focus()
  for (const key of ['d', 'Enter']) {
    await next(tip, () => tip.keyboard.down(key))
    const text = (await heading(tip).textContent()) ?? ''
    // Pressed again without being let go, a key repeats itself.
    for (let times = 0; times < 3; times += 1) await tip.keyboard.down(key)
    await tip.keyboard.up(key)
    await expect(heading(tip)).toHaveText(text)
  }
  expect(asked.filter((url) => url.includes('/api/react'))).toHaveLength(2)
})

test('what is typed into a field is text, and answers nothing', async ({ tip, demo }) => {
  await awake(tip)
  const asked: string[] = []
  tip.on('request', (request) => asked.push(request.url()))
  await tip.evaluate(() =>
    document.querySelector('main')!.insertAdjacentHTML(
      'beforeend',
      '<input role=textbox><textarea></textarea><p contenteditable role=textbox></p>',
    ),
  )
  const text = await heading(tip).textContent()
  const fields = await tip.getByRole('textbox').all()
  expect(fields).toHaveLength(3)
  for (const field of fields) {
    await field.pressSequentially('dsx')
    const typed = field.evaluate((it: HTMLInputElement) => it.value ?? it.textContent)
    expect(await typed).toBe('dsx')
    await field.blur()
  }
  await expect(heading(tip)).toHaveText(text ?? '')
  await next(tip, () => tip.keyboard.press('x'))
  expect(asked.filter((url) => url.includes('/api/react'))).toHaveLength(1)

  await tip.goto(`${demo.url}settings`)
  const zone = tip.getByRole('textbox', { name: 'Time zone' })
  await zone.pressSequentially('dsx')
  await expect(zone).toHaveValue('dsx')
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

test('of two pages that answer at the same instant one counts', async ({ tip, context, demo }) => {
  const other = await context.newPage()
  const complaints = listen(other)
  await other.goto(demo.url)
  const pages = [tip, other]
  await Promise.all(pages.map(awake))
  let both = () => {}
  const underWay = new Promise<void>((resolve) => (both = resolve))
  let answers = 0
  await context.route('**/api/react', async (route) => {
    answers += 1
    if (answers === 2) both()
    await underWay
    await route.continue()
  })
  await Promise.all([
    next(tip, () => tip.keyboard.press('d')),
    next(other, () => other.keyboard.press('x')),
  ])
  expect(answers).toBe(2)

  const notice = { hasText: 'answered on another page' }
  const told = pages.map((page) => page.locator('.notice', notice).count())
  expect((await Promise.all(told)).sort()).toEqual([0, 1])
  await expect(heading(other)).toHaveText((await heading(tip).textContent()) ?? '')
  expect(demo.query('select count(*) from recommender.reaction')).toBe('1')
  expect(complaints).toEqual([])
})

test('a new tip comes in a view transition', async ({ page, demo }) => {
  await page.addInitScript(() => {
    const start = Document.prototype.startViewTransition
    Document.prototype.startViewTransition = function (change) {
      performance.mark('transition')
      return start.call(this, change)
    }
  })
  await lookAround(page, demo.url)
  await awake(page)
  const transitions = () => page.evaluate(() => performance.getEntriesByName('transition').length)
  expect(await transitions()).toBe(0)
  await next(page, () => page.keyboard.press('d'))
  expect(await transitions()).toBe(1)
  await next(page, () => page.keyboard.press('u'))
  expect(await transitions()).toBe(2)
})

test('a browser without view transitions shows the same', async ({ page, demo }) => {
  const complaints = listen(page)
  await page.addInitScript(() => Reflect.deleteProperty(Document.prototype, 'startViewTransition'))
  await lookAround(page, demo.url)
  await awake(page)
  expect(await page.evaluate(() => 'startViewTransition' in document)).toBe(false)
  const done = await next(page, () => page.keyboard.press('d'))
  await expect(page.locator('.undo')).toContainText('Done.')
  await next(page, () => page.keyboard.press('u'))
  await expect(heading(page)).toHaveText(done)
  await next(page, () => page.keyboard.press('x'))
  expect(complaints).toEqual([])
})

test('the session is kept as it has to be, and ends', async ({ tip, context, demo }) => {
  const cookie = (await context.cookies()).find(({ name }) => name === '__Host-oo')
  expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' })
  await tip.goto(`${demo.url}settings`)
  await tip.getByRole('button', { name: 'Sign out', exact: true }).click()
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
