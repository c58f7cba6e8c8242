// The life of a tip: its task goes on at Todoist, and the page follows.
import type { Page } from '@playwright/test'
import {
  type World,
  awake,
  connect,
  expect,
  heading,
  inTheWorld as test,
  next,
  signIn,
  untilTask,
} from '../fixtures.js'

test.use({ tasks: '40', reducedMotion: 'reduce' })

/** Signs in, connects, and has a task for the tip. Answers the task. */
async function openTask(page: Page, world: World) {
  await signIn(page, world)
  await connect(page)
  await awake(page)
  return world.double.task(await untilTask(page))
}

/** The person comes back to the page when the tasks that oO knows are old. */
async function comeBack(page: Page, { house }: World) {
  // A process that has just started knows none, and asks for them as for those that are old.
  await house.restart()
  await page.clock.setFixedTime(Date.now() + 60_000)
  await page.evaluate(() => window.dispatchEvent(new Event('focus')))
}

const tipId = (page: Page) => page.locator('#react [name=tip_id]').inputValue()

for (const [fate, befall] of [
  ['finished', 'complete'],
  ['deleted', 'delete'],
] as const) {
  test(`a task that is ${fate} over there leaves the page by itself`, async ({ page, world }) => {
    const task = await openTask(page, world)
    const id = await tipId(page)
    await world.double[befall](task)
    await comeBack(page, world)
    await expect(heading(page)).not.toHaveText(task.content)
    await expect(page.locator('.card')).toHaveAttribute('data-kind', /^(todo|advice)$/)
    expect(await tipId(page)).not.toBe(id)
    await next(page, () => page.keyboard.press('x'))
  })
}

test('a task that is renamed over there stays, in its new words', async ({ page, world }) => {
  const task = await openTask(page, world)
  const id = await tipId(page)
  await world.double.rename(task, 'Water the garden')
  await comeBack(page, world)
  await expect(heading(page)).toHaveText('Water the garden')
  expect(await tipId(page)).toBe(id)
})

test.describe('with an undo of one second', () => {
  test.use({ tasks: 'empty', variables: { OO_UNDO_SECONDS: '1' } })

  test('a task that recurs is closed once, and rests until its date', async ({ page, world }) => {
    const { double } = world
    const content = 'Water the plants'
    const today = new Date().toISOString().slice(0, 10)
    await double.replaceTasks([
      { content, priority: 4, due: { date: today, string: 'every week', is_recurring: true } },
    ])
    await openTask(page, world)
    await next(page, () => page.keyboard.press('d'))
    const date = async () => (await double.task(content)).due?.date
    await expect.poll(date, { timeout: 20_000 }).not.toBe(today)

    await comeBack(page, world)
    for (let tips = 0; tips < 12; tips += 1) {
      await expect(page.locator('.card')).toHaveAttribute('data-kind', 'advice')
      await next(page, () => page.keyboard.press('x'))
    }
    expect((await double.task(content)).checked).toBe(false)
    expect(await double.closings()).toBe(1)
  })
})
