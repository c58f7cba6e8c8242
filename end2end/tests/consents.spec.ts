// What oO may do: nothing, until the person says so.
import { violations } from '../axe.js'
import { CONSENTS, allow, connect, expect, heading, inTheWorld as test, listen, signIn, untilTask } from '../fixtures.js'
import { signInThere } from '../provider.js'

test('a newcomer is asked once, on one calm page, and nothing is on', async ({ page, world }) => {
  const { house } = world
  const complaints = listen(page, house.url)
  await page.goto(house.url)
  await page.getByRole('link', { name: 'Continue with the well' }).click()
  await signInThere(page, 'ana')
  await expect(heading(page)).toHaveText('What may oO do?')
  for (const consent of CONSENTS) await expect(page.getByRole('switch', { name: consent })).not.toBeChecked()
  expect(await violations(page, 'consents')).toEqual([])

  // By keys alone.
  await page.getByRole('switch', { name: 'Read your tasks' }).focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('switch', { name: 'Close tasks' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(heading(page)).toHaveText('First, somewhere to look.')
  expect(complaints).toEqual([])

  await page.goto(`${house.url}settings`)
  await expect(page.getByRole('switch', { name: 'Read your tasks' })).toHaveAttribute('aria-checked', 'true')
  await expect(page.getByRole('switch', { name: 'Close tasks' })).toHaveAttribute('aria-checked', 'false')
  await expect(page.getByText('Allowed since').first()).toBeVisible()
  await page.goto(house.url)
  await expect(heading(page)).toHaveText('First, somewhere to look.')
})

test('who allows nothing is let in, and nothing is read of theirs', async ({ page, world }) => {
  await page.goto(world.house.url)
  await page.getByRole('link', { name: 'Continue with Todoist' }).click()
  await page.getByRole('button', { name: 'Allow' }).click()
  await allow(page, [])
  await expect(heading(page)).toHaveText('oO may not read your tasks.')
  expect(await world.double.asked((path) => path.startsWith('/api/v1/tasks'))).toBe(0)
})

test('what is withdrawn ends at once, on a page that is open elsewhere too', async ({ page, world, context }) => {
  const { house } = world
  await signIn(page, world)
  await connect(page)
  const task = await untilTask(page)
  const settings = await context.newPage()
  await settings.goto(`${house.url}settings`)
  await settings.getByRole('switch', { name: 'Read your tasks' }).click()
  await expect(settings.getByRole('switch', { name: 'Read your tasks' })).toHaveAttribute('aria-checked', 'false')

  await page.getByRole('button', { name: 'done' }).click()
  await expect(heading(page)).toHaveText('oO may not read your tasks.')
  await expect(page.getByText(task)).toHaveCount(0)

  expect(house.query('select count(*) > 0 from events.event')).toBe('t')
  await settings.getByRole('switch', { name: 'Learn from your answers' }).click()
  await expect(settings.getByText('Saved.')).toBeVisible()
  expect(house.query('select count(*) from events.event')).toBe('0')
  expect(house.query('select count(*) from recommender.snapshot')).toBe('0')
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('the questions are asked and answered as well', async ({ page, world }) => {
    await page.goto(world.house.url)
    await page.getByRole('link', { name: 'Continue with the well' }).click()
    await signInThere(page, 'bo')
    await allow(page, ['Read your tasks'])
    await expect(heading(page)).toHaveText('First, somewhere to look.')
  })
})
