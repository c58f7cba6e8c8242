// No word of a task, no token and no e-mail address is ever kept or logged: not by any part of the house.
import { CLIENT_SECRET, EMAIL_HOST } from '../provider.js'
import { awake, connect, expect, heading, inTheWorld as test, next, signIn, untilTask } from '../fixtures.js'

const CANARY = 'zugvogel'

test.use({ tasks: 'empty', variables: { OO_UNDO_SECONDS: '1' } })

test('what is planted is found nowhere', async ({ page, world, context }) => {
  const { house, double, vaultKey } = world
  await double.replaceTasks(
    Array.from({ length: 30 }, (_, n) => ({
      content: `${CANARY} title ${n}`,
      description: `${CANARY} description`,
      project: `${CANARY} project`,
      labels: [`${CANARY}-label`],
      priority: (n % 4) + 1,
    })),
  )
  await signIn(page, world)
  await connect(page)
  await awake(page)
  const press = (key: string) => next(page, () => page.keyboard.press(key))

  expect(await untilTask(page)).toContain(CANARY)
  await page.keyboard.press('w')
  await press('s')
  await untilTask(page)
  await press('x')
  await untilTask(page)
  await press('u')
  await untilTask(page)
  await press('d')
  await expect.poll(() => double.closings(), { timeout: 20_000 }).toBe(1)
  await page.request.post(`${house.url}api/v1/recommend`, { headers: { origin: house.url.slice(0, -1) } })
  // A token for scripts, and its use.
  await page.goto(`${house.url}settings`)
  await page.getByText('New token').click()
  await page.getByLabel('Name').fill('a script')
  await page.getByLabel('Ask for a tip, and answer it').check()
  await page.getByRole('button', { name: 'Make it' }).click()
  const token = (await page.locator('#token').textContent()) ?? ''
  expect(token).toMatch(/^oo_[\w-]{43}$/)
  const headers = { authorization: `Bearer ${token}` }
  for (const path of ['tip', 'me', CANARY]) await page.request.get(`${house.url}api/v1/${path}`, { headers })
  await page.request.post(`${house.url}api/v1/feedback`, { headers, data: { tip_id: CANARY, reaction: CANARY } })
  // Bad input, with words in it.
  await page.goto(`${house.url}connect/todoist/return?code=${CANARY}&state=${CANARY}`)
  await page.goto(`${house.url}auth/oidc/return?error=${CANARY}&state=${CANARY}`)
  await page.goto(`${house.url}${CANARY}?${CANARY}`)
  for (const path of ['api/react', 'api/undo', 'settings/time-zone', 'settings/keys']) {
    await page.request.post(`${house.url}${path}`, {
      headers: { origin: house.url.slice(0, -1) },
      form: { tip_id: CANARY, key: CANARY, reaction: CANARY, zone: CANARY, on: CANARY },
    })
  }
  // The tokens of the beginning, and those that follow them.
  await double.expire()
  await house.restart('SIGKILL')
  await page.goto(house.url)
  await untilTask(page)
  await expect.poll(async () => (await double.tokens()).length).toBe(4)
  for (const fault of ['garbage', 'html', 'wrong_types', 'cut', 'too_many_requests', 'unauthorized']) {
    await double.inject({ fault, times: 3 })
    await house.restart('SIGKILL')
    await page.goto(house.url)
    await expect(heading(page)).toBeVisible()
    await double.heal()
  }

  const text = house.dump()
  expect(text).toMatch(/INSERT INTO recommender\.tip /)
  expect(text).toMatch(/INSERT INTO integrations\./)
  expect(text).toMatch(/INSERT INTO auth\.api_token /)
  expect(house.log).toContain('answered')
  const cookies = (await context.cookies(house.url)).map(({ value }) => value).filter((value) => value.length > 16)
  expect(cookies.length).toBeGreaterThan(0)
  const secrets = [
    CANARY,
    `@${EMAIL_HOST}`,
    CLIENT_SECRET,
    double.ready.client_secret,
    token,
    token.slice('oo_'.length),
    vaultKey,
    Buffer.from(vaultKey, 'base64').toString('hex'),
    ...(await double.tokens()),
    ...cookies,
  ]
  for (const secret of secrets) {
    for (const form of [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64')]) {
      expect(text.includes(form), `${form} is in the database`).toBe(false)
      expect(house.log.includes(form), `${form} is in the log`).toBe(false)
    }
  }
})
