// Todoist, connected for real: its consent, its faults, and what a reaction does over there.
import {
  awake,
  connect,
  expect,
  heading,
  heldBack,
  inTheWorld as test,
  listen,
  next,
  signIn,
  untilTask,
} from '../fixtures.js'

test.use({ tasks: '40' })

test.describe('with an undo of one second', () => {
  test.use({ variables: { OO_UNDO_SECONDS: '1' } })

  test('done closes the task over there, once', async ({ page, world }) => {
    const { double } = world
    await signIn(page, world)
    await connect(page)
    await awake(page)
    const text = await untilTask(page)
    await next(page, () => page.keyboard.press('d'))
    const checked = async () => (await double.task(text)).checked
    await expect.poll(checked, { timeout: 20_000 }).toBe(true)
    expect(await double.closings()).toBe(1)
  })
})

test('done that is taken back closes nothing', async ({ page, world }) => {
  const { double } = world
  await signIn(page, world)
  await connect(page)
  await awake(page)
  const text = await untilTask(page)
  await next(page, () => page.keyboard.press('d'))
  await page.keyboard.press('u')
  await expect(heading(page)).toHaveText(text)
  await world.house.restart()
  await page.reload()
  await expect(heading(page)).toHaveText(text)
  expect(await double.closings()).toBe(0)
})

test('a no is taken as one', async ({ page, world }) => {
  await signIn(page, world)
  await page.getByRole('link', { name: 'Connect, read only' }).click()
  await expect(page.getByText('data:read')).toBeVisible()
  await page.getByRole('button', { name: 'Deny' }).click()
  await expect(heading(page)).toHaveText('Todoist is not connected.')
  await page.getByRole('link', { name: 'Back to oO' }).click()
  await expect(heading(page)).toHaveText('First, somewhere to look.')
})

test('a connection that may read only closes nothing', async ({ page, world }) => {
  await signIn(page, world)
  await page.getByRole('link', { name: 'Connect, read only' }).click()
  await page.getByRole('button', { name: 'Allow' }).click()
  await awake(page)
  await untilTask(page)
  await next(page, () => page.keyboard.press('d'))
  await page.goto(`${world.house.url}settings`)
  await expect(page.getByText('your connection to Todoist is read only')).toBeVisible()
  await page.getByRole('link', { name: 'Let oO close tasks' }).click()
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.goto(`${world.house.url}settings`)
  await expect(page.getByText('your connection to Todoist is read only')).toHaveCount(0)
})

test('a permission is taken once, and in the browser that began it alone', async ({ page, world, browser }) => {
  const { house } = world
  await signIn(page, world)
  await page.getByRole('link', { name: 'Connect Todoist' }).click()
  const allow = page.getByRole('button', { name: 'Allow' })
  await allow.waitFor()
  const back = await heldBack(page, house, () => allow.click())

  const context = await browser.newContext()
  const thief = await context.newPage()
  await signIn(thief, world, 'mallory')
  await thief.goto(back)
  await expect(heading(thief)).toHaveText('Todoist is not connected.')
  await thief.goto(house.url)
  await expect(heading(thief)).toHaveText('First, somewhere to look.')
  await context.close()

  await page.goto(back)
  await expect(page.locator('.card')).toHaveAttribute('data-kind', /todo|advice/)
  await page.goto(back)
  await expect(heading(page)).toHaveText('Todoist is not connected.')
  await page.goto(house.url)
  await expect(page.locator('.card')).toHaveAttribute('data-kind', /todo|advice/)
})

for (const fault of ['unavailable', 'too_many_requests', 'html', 'garbage', 'deep', 'wrong_types', 'cut']) {
  test(`the tip outlives it when Todoist answers: ${fault}`, async ({ page, world }) => {
    const { house, double } = world
    await signIn(page, world)
    await connect(page)
    const text = await untilTask(page)
    await double.inject({ fault })
    // A new process knows no tasks: it has to ask, and gets nothing.
    await house.restart()
    await page.goto(house.url)
    await expect(page.locator('h1')).toBeVisible()
    await expect(page.locator('.notice:not([hidden]), .card[data-kind=scene]').first()).toBeVisible()
    await double.heal()
    await house.restart()
    await page.goto(house.url)
    await expect(heading(page)).toHaveText(text)
  })
}

test('who takes the permission back in Todoist is asked to connect again', async ({ page, world }) => {
  const { house, double } = world
  await signIn(page, world)
  await connect(page)
  await untilTask(page)
  await double.revoke()
  await house.restart()
  await page.goto(house.url)
  await page.getByRole('link', { name: 'Connect again' }).first().click()
  await page.getByRole('button', { name: 'Allow' }).click()
  await expect(page.locator('.card')).toHaveAttribute('data-kind', /todo|advice/)
  await expect(page.getByRole('link', { name: 'Connect again' })).toHaveCount(0)
})

test('while Todoist takes its time, the page is there', async ({ page, world }) => {
  await signIn(page, world)
  await world.double.inject({ fault: 'slow', ms: 5_000, path: '/api/v1/tasks' })
  await page.getByRole('link', { name: 'Connect Todoist' }).click()
  await page.getByRole('button', { name: 'Allow' }).click()
  await expect(heading(page)).toBeVisible()
  await world.double.heal()
  await page.goto(world.house.url)
  await expect(page.locator('.card')).toHaveAttribute('data-kind', /todo|advice/)
})

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('while Todoist takes its time, the mark is painted, and the tip follows', async ({ page, world }) => {
      const { house, double } = world
      await signIn(page, world)
      await connect(page)
      const text = await untilTask(page)
      // A process that has just started knows no tasks.
      await house.restart()
      await double.inject({ fault: 'slow', ms: 400, path: '/api/v1/tasks' })
      const complaints = listen(page, house.url)
      await page.goto(house.url)
      await expect(heading(page)).toHaveText(text)
      const { painted, whole } = await page.evaluate(() => ({
        painted: performance.getEntriesByName('first-contentful-paint')[0]!.startTime,
        whole: (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).responseEnd,
      }))
      expect(painted).toBeLessThan(whole)
      if (javaScriptEnabled) await awake(page)
      await next(page, () => page.getByRole('button', { name: 'dismiss' }).click())
      expect(complaints).toEqual([])
    })
  })
}
