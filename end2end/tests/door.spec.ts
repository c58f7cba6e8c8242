// Signing in through a real provider of OpenID Connect, which is another site than oO.
import { allow, expect, heading, heldBack, inTheWorld as test, listen, signIn } from '../fixtures.js'
import { signInThere } from '../provider.js'

test('a stranger signs in, and comes back as the same person', async ({ page, world, context }) => {
  const complaints = listen(page, world.house.url)
  await signIn(page, world)
  await expect(heading(page)).toHaveText('First, somewhere to look.')
  expect(page.url()).toBe(world.house.url)
  const session = (await context.cookies()).find(({ name }) => name === '__Host-oo')
  expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' })

  await page.goto(`${world.house.url}settings`)
  await page.getByRole('switch', { name: 'Keys' }).waitFor()
  await page.getByRole('textbox', { name: 'Time zone' }).fill('Pacific/Auckland')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(heading(page)).toHaveText('One thing, when it fits.')

  // The provider remembers the person: it asks nothing this time.
  await page.getByRole('link', { name: 'Continue with the well' }).click()
  await expect(heading(page)).toHaveText('First, somewhere to look.')
  await page.goto(`${world.house.url}settings`)
  await expect(page.getByRole('textbox', { name: 'Time zone' })).toHaveValue('Pacific/Auckland')
  expect((await context.cookies()).find(({ name }) => name === '__Host-oo')?.value).not.toBe(session?.value)
  expect(complaints).toEqual([])
})

test('who changes their mind over there is not signed in', async ({ page, world }) => {
  await page.goto(world.house.url)
  await page.getByRole('link', { name: 'Continue with the well' }).click()
  await page.getByRole('link', { name: 'Cancel' }).click()
  await expect(heading(page)).toHaveText('You are not signed in.')
  await expect(page.getByText('You changed your mind over there')).toBeVisible()
  await page.getByRole('link', { name: 'Back to oO' }).click()
  await expect(page.getByRole('link', { name: 'Continue with the well' })).toBeVisible()
})

test('a return is taken once, and in the browser that began it alone', async ({ page, world, browser }) => {
  const { house } = world
  await page.goto(house.url)
  await page.getByRole('link', { name: 'Continue with the well' }).click()
  await page.waitForURL(`${world.provider.issuer}/**`)
  const back = await heldBack(page, house, () => signInThere(page, 'ana'))

  const context = await browser.newContext()
  const thief = await context.newPage()
  await thief.goto(back)
  await expect(heading(thief)).toHaveText('You are not signed in.')
  await thief.goto(house.url)
  await expect(thief.getByRole('link', { name: 'Continue with the well' })).toBeVisible()
  await context.close()

  // Nothing was taken from the one who began it.
  await page.goto(back)
  await allow(page)
  await expect(heading(page)).toHaveText('First, somewhere to look.')
  await page.goto(back)
  await expect(heading(page)).toHaveText('You are not signed in.')
  await expect(page.getByText('began in another browser')).toBeVisible()
})

test('without JavaScript, the door opens as well', async ({ browser, world }) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await signIn(page, world, 'bo')
  await expect(heading(page)).toHaveText('First, somewhere to look.')
  await context.close()
})

test.describe('where Todoist is not set up', () => {
  test.use({ variables: { TODOIST_CLIENT_ID: '', TODOIST_CLIENT_SECRET: '' } })

  test('the page and the settings say so, and lead nowhere', async ({ page, world }) => {
    await signIn(page, world)
    await expect(heading(page)).toHaveText('First, somewhere to look.')
    await expect(page.getByText('Todoist is not set up here yet.')).toBeVisible()
    await expect(page.getByRole('link', { name: 'Connect' })).toHaveCount(0)

    await page.goto(`${world.house.url}settings`)
    await expect(page.getByText('Not set up here yet')).toBeVisible()
    await expect(page.locator('[href^="/connect"]')).toHaveCount(0)
  })
})

test.describe('with several ways in', () => {
  test.use({ doors: ['spring', 'apple'] })

  test('one more is added, leads to the same person, and can be taken away', async ({ page, world, context }) => {
    const { house } = world
    const complaints = listen(page, house.url)
    const enter = async (door: string, login: string, asked = false) => {
      await page.goto(house.url)
      await page.getByRole('link', { name: `Continue with ${door}` }).click()
      await signInThere(page, login)
      if (asked) await allow(page)
      await expect(heading(page)).toHaveText('First, somewhere to look.')
      await page.goto(`${house.url}settings`)
    }
    await enter('the well', 'ana', true)
    await page.getByRole('textbox', { name: 'Time zone' }).fill('Pacific/Auckland')
    await page.getByRole('button', { name: 'Save' }).click()
    for (const [door, login] of [
      ['the spring', 'ana'],
      ['Apple', 'apfel'],
    ] as const) {
      await page.getByRole('link', { name: `Add ${door}` }).click()
      await signInThere(page, login)
      await expect(page.getByText('From now on it is a way in for you.')).toBeVisible()
    }
    await expect(page.getByText('the spring an…@ma…')).toBeVisible()
    await expect(page.getByText('Apple ap…@ma…')).toBeVisible()

    // From another browser, where none of them has been.
    await context.clearCookies()
    await enter('Apple', 'apfel')
    await expect(page.getByRole('textbox', { name: 'Time zone' })).toHaveValue('Pacific/Auckland')
    await page.getByRole('button', { name: 'Remove the well' }).click()
    await page.getByRole('button', { name: 'Remove the spring' }).click()
    await expect(page.getByRole('button', { name: /^Remove/ })).toHaveCount(0)

    await context.clearCookies()
    await enter('the well', 'ana', true)
    await expect(page.getByRole('textbox', { name: 'Time zone' }), 'it leads to nobody who was here').not.toHaveValue('Pacific/Auckland')
    expect(complaints).toEqual([])
  })

  test("somebody else's way in stays theirs", async ({ page, world, context }) => {
    await signIn(page, world, 'ana')
    await context.clearCookies()
    await page.goto(world.house.url)
    await page.getByRole('link', { name: 'Continue with the spring' }).click()
    await signInThere(page, 'bo')
    await page.goto(`${world.house.url}settings`)
    await page.getByRole('link', { name: 'Add the well' }).click()
    await signInThere(page, 'ana')
    await expect(page.getByText("That is somebody else's way in. Nothing was changed.")).toBeVisible()
    await expect(page.getByText('the well an…@ma…')).toHaveCount(0)
  })
})

test('with Todoist, a stranger signs in and connects in one step', async ({ page, world }) => {
  await page.goto(world.house.url)
  await page.getByRole('link', { name: 'Continue with Todoist' }).click()
  await page.getByRole('button', { name: 'Allow' }).click()
  await allow(page)
  await expect(page.locator('.card')).toHaveAttribute('data-kind', /^(todo|advice)$/)
  await page.goto(`${world.house.url}settings`)
  await expect(page.getByText('Todoist lets oO read your tasks and close them.')).toBeVisible()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByRole('link', { name: 'Continue with Todoist' }).click()
  await page.getByRole('button', { name: 'Allow' }).click()
  await expect(page.locator('.card')).toHaveAttribute('data-kind', /^(todo|advice)$/)
  expect(world.house.query('select count(*) from auth.user')).toBe('1')
})

test.describe('a closed house', () => {
  test.use({ variables: { OO_REGISTRATION: 'closed' } })

  test('lets the first one in, who runs it, and nobody after', async ({ page, world, browser }) => {
    await signIn(page, world, 'ana')
    await page.goto(`${world.house.url}settings`)
    await expect(page.getByText('You run this oO.')).toBeVisible()

    const context = await browser.newContext()
    const stranger = await context.newPage()
    await signIn(stranger, world, 'bo')
    await expect(heading(stranger)).toHaveText('You are not signed in.')
    await expect(stranger.getByText('for people who are here already')).toBeVisible()
    await context.close()
  })
})

test('a device is signed out from another one, at once', async ({ page, world, browser }) => {
  await signIn(page, world, 'ana')
  const context = await browser.newContext()
  const phone = await context.newPage()
  await signIn(phone, world, 'ana')

  await page.goto(`${world.house.url}settings`)
  await page.getByRole('button', { name: /^Sign out Chrome/ }).click()
  await expect(page.getByText('That device is signed out.')).toBeVisible()
  await phone.reload()
  await expect(heading(phone)).toHaveText('One thing, when it fits.')
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await expect(heading(page)).toHaveText('One thing, when it fits.')
  await context.close()
})
