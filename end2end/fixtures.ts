import { randomBytes } from 'node:crypto'
import { type Page, test as base, expect } from '@playwright/test'
import { Double } from './double.js'
import { House, freePort } from './house.js'
import { Model } from './model.js'
import { Provider, signInThere } from './provider.js'

type Fixtures = { demo: House; tip: Page }

/** `demo`: a demo of its own. `tip`: a page in it, signed in, that must not complain in its console. */
export const test = base.extend<Fixtures>({
  demo: async ({}, use) => {
    const demo = await new House('demo').start()
    await use(demo)
    expect(await demo.remove(), 'oO stops cleanly').toBe(0)
  },
  tip: async ({ page, demo }, use) => {
    const complaints = listen(page)
    await lookAround(page, demo.url)
    await use(page)
    expect(complaints).toEqual([])
  },
})

export { expect }

/** Chromium skips the transition from page to page when styles are asked for before their sheet is there, as Playwright does. */
const ASKED_TOO_EARLY = 'ViewTransition opt-in disabled'

/** Warnings and errors of a page at `url`, its content security policy's among them. */
export function listen(page: Page, url = '') {
  const complaints: string[] = []
  page.on('pageerror', (error) => {
    if (!error.message.includes(ASKED_TOO_EARLY)) complaints.push(String(error))
  })
  page.on('console', (message) => {
    const ours = page.url().startsWith(url)
    if (ours && ['warning', 'error'].includes(message.type())) complaints.push(message.text())
  })
  return complaints
}

export async function lookAround(page: Page, url: string) {
  await page.goto(url)
  await page.getByRole('button', { name: 'Look around' }).click()
  await expect(heading(page)).toBeVisible()
}

export const heading = (page: Page) => page.getByRole('heading', { level: 1 })

/** Waits until the island listens: from then on a form does not leave the page. */
export const awake = (page: Page) =>
  page.waitForFunction(() => document.documentElement.dataset.awake === 'true')

/** Does something that answers the tip, and waits for the next one. */
export async function next(page: Page, act: () => Promise<unknown>) {
  const before = await heading(page).textContent()
  await act()
  await expect(heading(page)).not.toHaveText(before ?? '')
  return before ?? ''
}

/** A house that people sign in to and connect their Todoist to, with all of these beside it. */
export type World = { house: House; double: Double; provider: Provider; model: Model; vaultKey: string }

type Worlds = {
  variables: Record<string, string>
  tasks: string
  doors: string[]
  hasModel: boolean
  world: World
}

/** Providers beside the one that there always is. */
const DOORS: Record<string, (addr: string) => Promise<Provider>> = {
  spring: (addr) => Provider.start(`http://${addr}/auth/spring/return`, 'OO_OIDC_SPRING'),
  apple: (addr) => Provider.startAppleLike(`http://${addr}/auth/apple/return`),
}

/** `world`: see [`World`]; `variables`, `tasks` (see `Double.start`), `doors` and `hasModel` can be set by `test.use`. */
export const inTheWorld = base.extend<Worlds>({
  variables: [{}, { option: true }],
  tasks: ['demo', { option: true }],
  doors: [[], { option: true }],
  hasModel: [false, { option: true }],
  world: async ({ variables, tasks, doors, hasModel }, use) => {
    const double = await Double.start(tasks)
    const addr = `127.0.0.1:${await freePort()}`
    const provider = await Provider.start(`http://${addr}/auth/oidc/return`, 'OO_OIDC')
    const more = await Promise.all(doors.map((door) => DOORS[door]!(addr)))
    const model = await Model.start()
    const { base_url: todoist, client_id, client_secret } = double.ready
    const vaultKey = randomBytes(32).toString('base64')
    const house = new House('serve', {
      ...Object.assign(provider.variables, ...more.map(({ variables }) => variables)),
      OO_OIDC_LABEL: 'the well',
      OO_OIDC_PROVIDERS: doors.filter((door) => door !== 'apple').join(),
      OO_OIDC_SPRING_LABEL: 'the spring',
      OO_REGISTRATION: 'open',
      OO_VAULT_KEYS: `k1:${vaultKey}`,
      TODOIST_API_URL: `${todoist}/api/v1`,
      TODOIST_AUTHORIZE_URL: `${todoist}/oauth/authorize`,
      TODOIST_TOKEN_URL: `${todoist}/oauth/access_token`,
      TODOIST_REVOKE_URL: `${todoist}/api/v1/revoke`,
      TODOIST_CLIENT_ID: client_id,
      TODOIST_CLIENT_SECRET: client_secret,
      ...(hasModel ? model.variables : {}),
      ...variables,
    })
    await house.start(addr)
    await use({ house, double, provider, model, vaultKey })
    expect(await house.remove(), 'oO stops cleanly').toBe(0)
    await Promise.all([double, provider, model, ...more].map((beside) => beside.stop()))
  },
})

/** Signs in as `login`, at the provider. Whoever comes for the first time allows everything. */
export async function signIn(page: Page, { house }: World, login = 'ana') {
  await page.goto(house.url)
  await page.getByRole('link', { name: 'Continue with the well' }).click()
  await signInThere(page, login)
  await expect(heading(page)).toBeVisible()
  if (new URL(page.url()).pathname === '/consents') await allow(page)
}

/** What oO asks for before the first tip. */
export const CONSENTS = [
  'Read your tasks',
  'Close tasks',
  'Learn from your answers',
  'Show titles to the language model',
  'Speak up',
]

/** Answers all questions, where they are asked: what is not named is not allowed. */
export async function allow(page: Page, consents = CONSENTS) {
  await expect(heading(page)).toHaveText('What may oO do?')
  for (const consent of consents) await page.getByRole('switch', { name: consent }).check()
  await page.getByRole('button', { name: 'Begin' }).click()
  await expect(heading(page)).not.toHaveText('What may oO do?')
}

/** Connects the double, from the page that says that nothing is connected. */
export async function connect(page: Page) {
  await page.getByRole('link', { name: 'Connect Todoist' }).click()
  await page.getByRole('button', { name: 'Allow' }).click()
  await expect(page.locator('.card')).toHaveAttribute('data-kind', /^(todo|advice)$/)
}

/** The address that `act` leads back to at oO. It is down meanwhile: nobody has been there yet. */
export async function heldBack(page: Page, house: House, act: () => Promise<void>) {
  await house.stop()
  const back = page.waitForRequest((request) => request.url().startsWith(house.url))
  await act()
  const url = (await back).url()
  // From its page of errors, Chromium would try again by itself as soon as oO is there.
  await page.waitForURL('chrome-error://chromewebdata/')
  await page.goto('about:blank')
  await house.start(new URL(house.url).host)
  return url
}

/** Dismisses advice until a task is the tip. Answers its words. */
export async function untilTask(page: Page) {
  for (let tries = 0; tries < 60; tries += 1) {
    if ((await page.locator('.card').getAttribute('data-kind')) === 'todo') return (await heading(page).textContent()) ?? ''
    await next(page, () => page.getByRole('button', { name: 'dismiss' }).click())
  }
  throw new Error('no task came')
}
