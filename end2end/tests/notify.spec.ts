// Devices on which oO speaks up: signed up, tried out, and taken away again.
import { execFileSync } from 'node:child_process'
import { expect, heading, inTheWorld as test, listen, signIn } from '../fixtures.js'
import { OO } from '../house.js'
import { PushService } from '../push.js'

const key = () => execFileSync(OO, ['keys', 'generate', 'push'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

test.describe('with a push service', () => {
  let service: PushService
  test.beforeAll(async () => {
    service = await PushService.start()
  })
  test.afterAll(async () => {
    await service.stop()
  })
  test.use({
    variables: async ({}, use) => {
      await use({ ...service.variables, OO_PUSH_KEY: key().trim().split('\n').at(-1) ?? '' })
    },
  })

  test('a device is signed up, tried out and removed', async ({ page, world, context }) => {
    await context.grantPermissions(['notifications'])
    const given = await service.standsBehind(page)
    await signIn(page, world)
    const complaints = listen(page, world.house.url)
    await page.goto(`${world.house.url}settings`)
    const section = page.getByRole('region', { name: 'Notifications' })
    await expect(section.getByText('No device of yours is signed up')).toBeVisible()
    await section.getByRole('button', { name: 'Notify me here' }).click()
    await expect(page.getByText('Saved.')).toBeVisible()
    await expect(section.getByText('Chrome on Linux')).toBeVisible()
    expect(given).toHaveLength(1)

    await section.getByRole('button', { name: 'Test' }).click()
    await expect(page.getByText('A word is on its way')).toBeVisible()
    const [message] = await service.arrived(given[0]!)
    expect(message?.data).toMatchObject({ web_push: 8030, notification: { title: 'oO', navigate: '/' } })

    // The browser has given the permission back meanwhile.
    await service.end(given[0]!)
    await section.getByRole('button', { name: 'Test' }).click()
    await expect(page.getByText('no longer takes notifications')).toBeVisible()
    await expect(section.getByText('Chrome on Linux')).toHaveCount(0)

    await section.getByRole('button', { name: 'Notify me here' }).click()
    await section.getByRole('button', { name: 'Remove' }).click()
    await expect(section.getByText('No device of yours is signed up')).toBeVisible()
    expect(complaints).toEqual([])
  })

  test('two devices are two, and each is tried out by itself', async ({ page, world, browser }) => {
    await page.context().grantPermissions(['notifications'])
    const other = await browser.newContext({ userAgent: 'Mozilla/5.0 (Android 16; Mobile) Firefox/150.0' })
    await other.grantPermissions(['notifications'])
    const phone = await other.newPage()
    const given = [await service.standsBehind(page), await service.standsBehind(phone)]
    for (const device of [page, phone]) {
      await signIn(device, world)
      await device.goto(`${world.house.url}settings`)
      await device.getByRole('button', { name: 'Notify me here' }).click()
      await expect(device.getByText('Saved.')).toBeVisible()
    }
    await page.reload()
    await page.getByRole('button', { name: 'Test Firefox on Android' }).click()
    await expect(page.getByText('A word is on its way')).toBeVisible()
    expect(await service.arrived(given[0]![0]!)).toHaveLength(0)
    expect(await service.arrived(given[1]![0]!)).toHaveLength(1)
    await other.close()
  })

  test('an address that is no push service’s is not taken', async ({ page, world }) => {
    await signIn(page, world)
    const form = { endpoint: 'https://10.0.0.1/inside', p256dh: 'x', auth: 'y' }
    await page.goto(`${world.house.url}settings`)
    await page.evaluate((form) => fetch('/settings/push', { method: 'POST', body: new URLSearchParams(form) }), form)
    await page.reload()
    await expect(page.getByText('No device of yours is signed up')).toBeVisible()
  })

  test('without JavaScript, the page says what it needs', async ({ browser, world }) => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await signIn(page, world)
    await page.goto(`${world.house.url}settings`)
    await expect(page.getByText('To sign this device up, the browser needs JavaScript.')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Notify me here' })).toHaveCount(0)
    await context.close()
  })
})

test('where nothing is set up, the settings say so', async ({ page, world }) => {
  await signIn(page, world)
  await page.goto(`${world.house.url}settings`)
  await expect(heading(page)).toHaveText('Settings')
  const section = page.getByRole('region', { name: 'Notifications' })
  await expect(section.getByText('This oO has no key to send them with')).toBeVisible()
})
