// What a language model writes for a person: as a tip, and only so.
import type { Page } from '@playwright/test'
import { CONSENTS, allow, awake, connect, expect, heading, inTheWorld as test, listen, next, signIn } from '../fixtures.js'
import type { World } from '../fixtures.js'
import type { Idea } from '../model.js'
import { signInThere } from '../provider.js'

test.use({ hasModel: true, tasks: '3', variables: { OO_MODEL_SECONDS: '2' } })

const PAUSE: Idea = { kind: 'pause', text: 'Look at the sky until a cloud has moved.', task_ref: null, minutes: 3 }
const QUESTION: Idea = { kind: 'question', text: 'What would make this evening easier?', task_ref: null, minutes: 2 }

/** Dismisses tips until this one comes. */
async function until(page: Page, text: string) {
  for (let tries = 0; tries < 60; tries += 1) {
    if ((await heading(page).textContent()) === text) return
    await next(page, () => page.getByRole('button', { name: 'dismiss' }).click())
  }
  throw new Error(`it does not become a tip: ${text}`)
}

/** How often this came of asking; once it has. */
async function outcome({ house }: World, name: string) {
  const query = `select coalesce(sum(count), 0) from advice.outcome where outcome = '${name}'`
  await expect.poll(() => Number(house.query(query))).toBeGreaterThan(0)
  return Number(house.query(query))
}

test('an idea becomes the tip, stays, and can be done', async ({ page, world }) => {
  test.slow()
  const complaints = listen(page, world.house.url)
  await world.model.write(PAUSE, QUESTION)
  await signIn(page, world)
  await connect(page)
  await awake(page)
  await until(page, PAUSE.text)
  await expect(page.getByText('3 min', { exact: true })).toBeVisible()
  await page.reload()
  await expect(heading(page)).toHaveText(PAUSE.text)

  await next(page, () => page.keyboard.press('d'))
  expect(await world.double.closings()).toBe(0)
  expect((await world.model.asked('tip-generator')).length).toBeGreaterThan(0)
  expect(await world.model.asked('judge')).toEqual([])
  const secrets = [PAUSE.text, QUESTION.text, world.model.ready.api_key]
  const [dump, log] = [world.house.dump(), world.house.log]
  for (const secret of secrets) expect([dump.includes(secret), log.includes(secret)], secret).toEqual([false, false])
  expect(complaints).toEqual([])
})

test('nothing that a model is talked into gets onto the page, into the log or the database', async ({ page, world }) => {
  test.slow()
  const complaints = listen(page, world.house.url)
  await world.model.inject({ fault: 'hostile' })
  await signIn(page, world)
  await connect(page)
  await awake(page)
  const good = 'Fill a glass with water, and drink it by the window.'
  const bad = /<script>fetch|onerror=|quagga|okapi|Ignore previous|sdrawkcab|twenty\x1b|seventeen flags|blue umbrella|marmalade|medication|喝一杯/
  let shown = ''
  for (let tries = 0; tries < 25; tries += 1) {
    shown += `${await heading(page).textContent()}\n`
    expect(await page.content()).not.toMatch(bad)
    await next(page, () => page.getByRole('button', { name: 'dismiss' }).click())
  }
  expect(shown).toContain(good)
  await outcome(world, 'refused_markup')
  expect(world.house.dump()).not.toMatch(bad)
  expect(world.house.log).not.toMatch(bad)
  expect(complaints).toEqual([])
})

for (const [fault, reason] of [
  ['hang', 'model_timeout'],
  ['drip', 'model_timeout'],
  ['html', 'model_malformed'],
  ['too_many', 'model_throttled'],
  ['long', 'model_too_large'],
  ['cut', 'model_unreachable'],
] as const) {
  test(`a model that does not help (${fault}) is not in the way`, async ({ page, world }) => {
    await world.model.inject({ fault })
    await signIn(page, world)
    await connect(page)
    await awake(page)
    for (let tries = 0; tries < 3; tries += 1) {
      await next(page, () => page.getByRole('button', { name: 'dismiss' }).click())
    }
    expect(await outcome(world, reason)).toBe(1)
    expect((await world.model.asked('tip-generator')).length).toBe(1)
  })
}

test('a model that is gone is not missed', async ({ page, world }) => {
  await world.model.stop()
  await signIn(page, world)
  await connect(page)
  await awake(page)
  await next(page, () => page.getByRole('button', { name: 'dismiss' }).click())
  await outcome(world, 'model_unreachable')
})

test('nobody is asked about whoever does not allow it', async ({ page, world }) => {
  await page.goto(world.house.url)
  await page.getByRole('link', { name: 'Continue with the well' }).click()
  await signInThere(page, 'ana')
  await allow(page, CONSENTS.filter((consent) => !consent.includes('language model')))
  await connect(page)
  await awake(page)
  for (let tries = 0; tries < 5; tries += 1) {
    await next(page, () => page.getByRole('button', { name: 'dismiss' }).click())
  }
  expect(await world.model.asked('tip-generator')).toEqual([])
})

test('whoever changes their mind does not see it any more', async ({ page, world }) => {
  await world.model.write(PAUSE)
  await signIn(page, world)
  await connect(page)
  await awake(page)
  await until(page, PAUSE.text)
  await page.goto(`${world.house.url}settings`)
  await page.getByRole('switch', { name: 'Show titles to the language model' }).click()
  await expect(page.getByText('Saved.')).toBeVisible()
  await expect.poll(() => world.house.query('select count(*) from advice.idea')).toBe('0')
  await page.goto(world.house.url)
  await expect(heading(page)).not.toHaveText(PAUSE.text)
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('an idea is there as well', async ({ page, world }) => {
    await world.model.write(PAUSE)
    await signIn(page, world)
    await connect(page)
    await until(page, PAUSE.text)
    await page.getByRole('button', { name: 'done' }).click()
    await expect(heading(page)).not.toHaveText(PAUSE.text)
  })
})
