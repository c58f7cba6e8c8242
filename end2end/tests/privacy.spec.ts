// What a person takes along, and how they leave for good.
import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import {
  awake,
  connect,
  expect,
  heading,
  inTheWorld,
  listen,
  next,
  signIn,
  test as inTheDemo,
  untilTask,
} from '../fixtures.js'

const CANARY = 'eisvogel'

/** Writes the word, and presses the button. */
async function erase(page: Page, word: string) {
  await page.getByRole('textbox').fill(word)
  await page.getByRole('button', { name: 'Erase' }).click()
}

inTheWorld.describe('somebody who leaves', () => {
  inTheWorld.use({ tasks: 'empty' })

  inTheWorld('takes everything along, and is gone', async ({ page, world, context }) => {
    const { house, double } = world
    await double.replaceTasks(Array.from({ length: 10 }, (_, n) => ({ content: `${CANARY} ${n}`, priority: 4 })))
    const complaints = listen(page, house.url)
    await signIn(page, world)
    await connect(page)
    await awake(page)
    expect(await untilTask(page)).toContain(CANARY)
    await next(page, () => page.keyboard.press('x'))
    const before = house.query('select user_id from auth.user')
    const tokens = await double.tokens()
    const session = (await context.cookies()).find(({ name }) => name === '__Host-oo')!.value

    // A file with all of it, and no secret.
    await page.goto(`${house.url}settings`)
    const downloading = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Export' }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toMatch(/^oo-export-\d{4}-\d\d-\d\d\.json$/)
    const text = readFileSync(await download.path(), 'utf8')
    const { schema, person, sections } = JSON.parse(text)
    expect(schema).toEqual({ name: 'oo-export', version: 4 })
    expect(person).toBe(before)
    const last = sections.reactions.rows.at(-1)
    expect(last.reaction).toBe('dismiss')
    expect(sections.tips.rows.find(({ tip_id }: { tip_id: string }) => tip_id === last.tip_id).state).toBe('answered')
    expect(sections.events.rows.map(({ kind }: { kind: string }) => kind)).toContain('tip_reacted')
    for (const secret of [CANARY, session, ...tokens]) expect(text.includes(secret), secret).toBe(false)

    // A word that is not the word.
    await page.getByRole('link', { name: 'Leave' }).click()
    await expect(heading(page)).toHaveText('Leave for good')
    await erase(page, 'delete')
    await expect(page.getByText('That was not the word. Nothing was changed.')).toBeVisible()
    expect(house.query('select user_id from auth.user')).toBe(before)

    // Todoist does not hear it the first time.
    expect((await double.tokens()).length).toBeGreaterThan(0)
    await double.inject({ fault: 'unavailable', times: 1, path: '/revoke' })
    await erase(page, 'erase')
    await expect(heading(page)).toHaveText('It is done.')
    expect((await context.cookies(house.url)).map(({ name }) => name)).not.toContain('__Host-oo')
    const replayed = await page.request.get(`${house.url}settings`, {
      headers: { cookie: `__Host-oo=${session}` },
      maxRedirects: 0,
    })
    expect(replayed.status()).toBe(303)
    await expect.poll(() => double.tokens(), { timeout: 30_000 }).toEqual([])
    await expect.poll(() => house.query('select count(*) from graphile_worker.jobs')).toBe('0')
    expect(house.dump()).not.toContain(before)
    expect(house.dump()).not.toContain(person)

    // Whoever comes again is somebody else, of whom nothing is known.
    await page.getByRole('link', { name: 'To the door' }).click()
    await page.getByRole('link', { name: 'Continue with the well' }).click()
    await expect(heading(page)).toHaveText('What may oO do?')
    expect(house.query('select count(*) from auth.user')).toBe('1')
    expect(house.query('select user_id from auth.user')).not.toBe(before)
    expect(complaints).toEqual([])
  })
})

inTheDemo('without JavaScript, one leaves as well, and history has a length', async ({ browser, demo }) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(demo.url)
  await page.getByRole('button', { name: 'Look around' }).click()
  await page.goto(`${demo.url}settings`)
  await expect(page.getByRole('button', { name: 'a year' })).toHaveAttribute('aria-pressed', 'true')
  await page.getByRole('button', { name: '30 days' }).click()
  await expect(page.getByText('Saved.')).toBeVisible()
  await expect(page.getByRole('button', { name: '30 days' })).toHaveAttribute('aria-pressed', 'true')

  await page.getByRole('link', { name: 'Leave' }).click()
  await erase(page, 'Erase')
  await expect(heading(page)).toHaveText('It is done.')
  await page.goto(`${demo.url}settings`)
  await expect(page.getByRole('button', { name: 'Look around' })).toBeVisible()
  await context.close()
})
