// Letters: a mailbox is named, says that it is the person's, is written to in the morning, and ends it by one touch.
import { connect, expect, heading, inTheWorld as test, listen, signIn } from '../fixtures.js'
import { MailServer, link } from '../mail.js'

let mail: MailServer
test.beforeEach(async () => {
  mail.letters.length = 0
})
test.beforeAll(async () => {
  mail = await MailServer.start()
})
test.afterAll(async () => {
  await mail.stop()
})
test.use({ variables: async ({}, use) => use(mail.variables), javaScriptEnabled: false })

const came = async (count: number) => {
  await expect.poll(() => mail.letters.length, { timeout: 50_000 }).toBe(count)
  return mail.letters.at(-1)!
}

test('a mailbox is named, confirmed, tried out and ended, without JavaScript', async ({ page, world, browser }) => {
  await signIn(page, world)
  await connect(page)
  const tip = await heading(page).textContent()
  const complaints = listen(page, world.house.url)
  await page.goto(`${world.house.url}settings`)
  const section = page.getByRole('region', { name: 'Letters' })
  await section.getByRole('textbox').fill('ana@example.org')
  await section.getByRole('button', { name: 'Write to me' }).click()
  await expect(page.getByRole('status')).toHaveText('A letter is on its way.')
  await expect(section).toContainText('Open the link in that letter')
  const asks = await came(1)
  expect(asks.subject).toBe('Shall oO write to you?')
  expect(`${asks.text}${asks.html}`).not.toContain(tip)

  // In the browser of the mail program, signed in nowhere.
  const elsewhere = await browser.newPage({ javaScriptEnabled: false })
  await elsewhere.goto(link(asks, 'It was me'))
  await expect(heading(elsewhere)).toHaveText('Shall oO write to you here?')
  await page.reload()
  await expect(section, 'a look confirms nothing').toContainText('Open the link in that letter')
  await elsewhere.getByRole('button', { name: 'Write to me' }).click()
  await expect(heading(elsewhere)).toHaveText('oO writes to you here.')

  await page.goto(`${world.house.url}settings`)
  await expect(section).toContainText('oO writes to ana@example.org.')
  await section.getByRole('button', { name: 'Test' }).click()
  const letter = await came(2)
  expect(letter.subject).toBe(tip)
  const header = (key: string) => letter.headers.find((header) => header.key === key)?.value
  expect(header('list-unsubscribe')).toBe(`<${link(letter, 'No more letters')}>`)
  expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')

  // One touch in the mail program (RFC 8058).
  const gone = await fetch(link(letter, 'No more letters'), {
    method: 'POST',
    body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
  })
  expect(gone.status).toBe(200)
  await page.reload()
  await expect(section.getByRole('button', { name: 'Write to me' })).toBeVisible()
  expect(complaints).toEqual([])
  await elsewhere.close()
})

test('a morning has a letter, and a link in it answers the tip once', async ({ page, world, browser }) => {
  await signIn(page, world)
  await connect(page)
  const tip = await heading(page).textContent()
  await page.goto(`${world.house.url}settings`)
  // Wherever it is nine in the morning now.
  const west = new Date().getUTCHours() - 9
  const behind = west > 12 ? west - 24 : west // of Greenwich
  const zone = page.getByRole('region', { name: 'Time zone' })
  await zone.getByRole('textbox').fill(`Etc/GMT${behind < 0 ? '' : '+'}${behind}`)
  await zone.getByRole('button').first().click()
  const hours = page.getByRole('region', { name: 'When oO may speak up' })
  await hours.getByLabel('Quiet from').fill('00:00')
  await hours.getByLabel('Quiet until').fill('00:00')
  await hours.getByRole('button').click()

  const section = page.getByRole('region', { name: 'Letters' })
  await section.getByRole('textbox').fill('ana@example.org')
  await section.getByRole('button', { name: 'Write to me' }).click()
  const elsewhere = await browser.newPage({ javaScriptEnabled: false })
  await elsewhere.goto(link(await came(1), 'It was me'))
  await elsewhere.getByRole('button', { name: 'Write to me' }).click()
  await page.reload()
  await section.getByRole('button', { name: 'once in the morning' }).click()
  await expect(section.getByRole('button', { name: 'once in the morning' })).toHaveAttribute('aria-pressed', 'true')

  // Ana closed oO a while ago.
  world.house.query("update notifier.watch set here_at = now() - interval '1 hour', next_at = now()")
  const letter = await came(2)
  expect(letter.subject).toBe(tip)
  await elsewhere.goto(link(letter, 'Done'))
  await expect(heading(elsewhere)).toHaveText('Done with it?')
  expect(world.house.query('select count(*) from recommender.reaction')).toBe('0')
  await elsewhere.getByRole('button', { name: 'Done' }).click()
  await expect(heading(elsewhere)).toHaveText('Done.')
  await elsewhere.goto(link(letter, 'Done'))
  await elsewhere.getByRole('button', { name: 'Done' }).click()
  await expect(heading(elsewhere)).toHaveText('Done.')
  expect(world.house.query('select count(*) from recommender.reaction')).toBe('1')
  await elsewhere.goto(link(letter, 'Not this'))
  await elsewhere.getByRole('button', { name: 'Not this' }).click()
  await expect(heading(elsewhere)).toHaveText('That one was answered already.')

  // No secret in the log: neither the address, nor the password, nor a link.
  expect(world.house.log).not.toContain('ana@example.org')
  expect(world.house.log).not.toContain('a-secret-of-the-two')
  expect(world.house.log).not.toContain(new URL(link(letter, 'Done')).pathname)
  await elsewhere.close()
})
