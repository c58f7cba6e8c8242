// A calendar: pasted, refused with a sentence, connected, let go; all of it without a script on the page.
import { createServer } from 'node:http'
import { once } from 'node:events'
import { expect, listen, lookAround, test } from '../fixtures.js'
import { House } from '../house.js'

test.use({ javaScriptEnabled: false })

const SECRET = '/ical/private-c0ffee5ecret/basic.ics'
const CALENDAR = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n'

test('a calendar is connected by its secret address, and let go', async ({ page }) => {
  const server = createServer((request, response) => {
    response.statusCode = request.url === SECRET || request.url === '/page' ? 200 : 404
    response.end(request.url === SECRET ? CALENDAR : '<!doctype html>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const house = await new House('demo', { OO_CALENDAR_HOSTS: host }).start()
  const complaints = listen(page)
  await lookAround(page, house.url)
  await page.goto(`${house.url}settings`)

  const section = page.getByRole('region', { name: 'Calendar' })
  const status = page.getByRole('status')
  const save = async (text: string) => {
    await section.getByRole('textbox').fill(text)
    await section.getByRole('button', { name: 'Keep address' }).click()
  }
  await save(`http://${host}/guessed.ics`)
  await expect(status).toContainText('There is no calendar at that address')
  await save(`http://${host}/page`)
  await expect(status).toContainText('is not a calendar')
  await save('https://127.0.0.1/basic.ics')
  await expect(status).toContainText('does not go to that address')
  await save('mailto:ana@example.org')
  await expect(status).toContainText('not the address of a calendar')

  await save(`http://${host}${SECRET}`)
  await expect(status).toHaveText('Saved.')
  await expect(section).toContainText('Connected, 127.0.0.1.')
  expect(await page.content()).not.toContain('c0ffee')
  expect(page.url()).not.toContain('c0ffee')
  expect(house.log).not.toContain('c0ffee')
  expect(house.dump()).not.toContain('c0ffee')

  await section.getByRole('button', { name: 'Disconnect' }).click()
  await expect(section).toContainText('Not connected.')
  expect(house.query('select count(*) from integrations.calendar')).toBe('0')
  expect(complaints).toEqual([])
  expect(await house.remove()).toBe(0)
  server.close()
})
