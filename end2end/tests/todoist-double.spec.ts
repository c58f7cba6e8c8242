// The double of Todoist, judged by Todoist's own SDK: whatever its schemas refuse, the double got wrong.

import {
  type Task,
  TodoistApi,
  TodoistRequestError,
  getAuthToken,
  getAuthorizationUrl,
  refreshAuthToken,
  revokeToken,
} from '@doist/todoist-sdk'
import { expect, test } from '@playwright/test'
import { Double, type Ready } from '../double.js'

const CALLBACK = 'http://127.0.0.1:9/callback'

let double: Double
let ready: Ready
let api: TodoistApi

/** Collects every page. */
async function allTasks(limit: number): Promise<{ tasks: Task[]; pages: number }> {
  const tasks: Task[] = []
  let cursor: string | null = null
  let pages = 0
  do {
    const page = await api.getTasks({ limit, cursor })
    tasks.push(...page.results)
    cursor = page.nextCursor
    pages += 1
  } while (cursor !== null)
  return { tasks, pages }
}

/** Allows access on the consent page, as a browser does, and brings the code home. */
async function consent(): Promise<string> {
  const { base_url: baseUrl, client_id: clientId } = ready
  const state = 'a state'
  const url = getAuthorizationUrl({ clientId, permissions: ['data:read_write'], state: encodeURIComponent(state), baseUrl })
  const page = await fetch(`${url}&redirect_uri=${encodeURIComponent(CALLBACK)}`)
  const html = await page.text()
  const form = new URLSearchParams({ decision: 'allow' })
  for (const [, name, value] of html.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)) {
    if (name !== undefined && value !== undefined) form.set(name, value)
  }

  const answer = await fetch(`${baseUrl}/oauth/authorize`, { method: 'POST', body: form, redirect: 'manual' })
  const back = new URL(answer.headers.get('location') ?? '')
  expect(back.origin + back.pathname).toBe(CALLBACK)
  expect(back.searchParams.get('state')).toBe(state)
  return back.searchParams.get('code') ?? ''
}

/** The HTTP status of the error that must come. */
async function statusOf(call: Promise<unknown>): Promise<number | undefined> {
  const error = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(TodoistRequestError)
  return (error as TodoistRequestError).httpStatusCode
}

test.beforeAll(async () => {
  double = await Double.start()
  ready = double.ready
  api = new TodoistApi(ready.api_token, { baseUrl: ready.base_url })
})

test.afterAll(async () => {
  expect(await double.stop()).toBe(0)
})

test('pages lead to the end', async () => {
  const { tasks, pages } = await allTasks(7)
  expect(tasks.length).toBeGreaterThanOrEqual(38)
  expect(pages).toBe(Math.ceil(tasks.length / 7))
  expect(new Set(tasks.map((task) => task.id)).size).toBe(tasks.length)
  expect((await allTasks(200)).tasks).toEqual(tasks)

  const some = await api.getTasks({ ids: tasks.slice(0, 2).map((task) => task.id) })
  expect(some.results).toEqual(tasks.slice(0, 2))
  expect(await statusOf(api.getTasks({ limit: 201 }))).toBe(400)
  expect(await statusOf(api.getTasks({ cursor: 'nonsense' }))).toBe(400)
})

test('filters find', async () => {
  const today = await api.getTasksByFilter({ query: 'today | overdue' })
  expect(today.results.length).toBeGreaterThan(5)
  const urgent = await api.getTasksByFilter({ query: 'p1', limit: 2 })
  expect(urgent.results.map((task) => task.priority)).toEqual([4, 4])
  expect(urgent.nextCursor).not.toBeNull()
  expect(await statusOf(api.getTasksByFilter({ query: '((' }))).toBe(400)
})

test('a task is added, changed, closed, reopened and deleted', async () => {
  const task = await api.addTask({
    content: 'Sing in the kitchen',
    priority: 3,
    labels: ['loud'],
    dueString: 'tomorrow at 18:00',
    duration: 20,
    durationUnit: 'minute',
  })
  expect(task).toMatchObject({ checked: false, priority: 3, labels: ['loud'], duration: { amount: 20, unit: 'minute' } })
  expect(task.due?.date).toMatch(/T18:00:00$/)

  const changed = await api.updateTask(task.id, { content: 'Hum in the kitchen', dueString: null })
  expect(changed).toMatchObject({ id: task.id, content: 'Hum in the kitchen', due: null, priority: 3 })

  expect(await api.closeTask(task.id)).toBe(true)
  expect((await api.getTasks({ label: 'loud' })).results).toEqual([])
  const day = 24 * 60 * 60 * 1000
  const done = await api.getCompletedTasksByCompletionDate({
    since: new Date(Date.now() - day).toISOString(),
    until: new Date(Date.now() + day).toISOString(),
  })
  expect(done.items.map((item) => item.id)).toContain(task.id)

  expect(await api.reopenTask(task.id)).toBe(true)
  expect((await api.getTask(task.id)).checked).toBe(false)
  expect(await api.deleteTask(task.id)).toBe(true)
  expect(await statusOf(api.getTask(task.id))).toBe(404)
})

test('closing a recurring task moves its date on', async () => {
  const task = await api.addTask({ content: 'Look at the sky', dueString: 'every day' })
  expect(task.due?.isRecurring).toBe(true)
  await api.closeTask(task.id)
  const next = await api.getTask(task.id)
  expect(next.checked).toBe(false)
  expect(Date.parse(next.due!.date)).toBeGreaterThan(Date.parse(task.due!.date))

  const back = await api.updateTask(task.id, { dueString: 'every day', dueDate: task.due!.date })
  expect(back.due).toMatchObject({ date: task.due!.date, isRecurring: true })
  await api.deleteTask(task.id)
})

test('projects, labels, sections and the person pass the schemas', async () => {
  const projects = await api.getProjects()
  expect(projects.results.map((project) => project.name)).toEqual(expect.arrayContaining(['Inbox', 'Home', 'Work', 'Someday']))
  expect((await api.getLabels()).results.length).toBeGreaterThan(5)
  expect((await api.getSections({ projectId: projects.results[0]!.id })).results).toEqual([])
  const user = await api.getUser()
  expect(user.tzInfo.timezone).toBe('UTC')
  expect(user.inboxProjectId).toBe(projects.results[0]!.id)
})

test('a wrong token is refused', async () => {
  const stranger = new TodoistApi('0000', { baseUrl: ready.base_url })
  const error = await stranger.getTasks().catch((error: TodoistRequestError) => error)
  expect(error).toBeInstanceOf(TodoistRequestError)
  const refusal = error as TodoistRequestError
  expect(refusal.isAuthenticationError()).toBe(true)
  expect(refusal.responseData).toMatchObject({ error_code: 477, http_code: 401 })
})

test('a code is exchanged, tokens rotate, and revocation ends them', async () => {
  const { base_url: baseUrl, client_id: clientId, client_secret: clientSecret } = ready
  const code = await consent()
  const first = await getAuthToken({ clientId, clientSecret, code }, { baseUrl })
  expect(first).toMatchObject({ tokenType: 'Bearer', expiresIn: 3600, scope: 'data:read_write' })
  expect(await statusOf(getAuthToken({ clientId, clientSecret, code }, { baseUrl }))).toBe(400)
  await new TodoistApi(first.accessToken, { baseUrl }).getUser()

  const refreshToken = first.refreshToken!
  const second = await refreshAuthToken({ clientId, clientSecret, refreshToken }, { baseUrl })
  expect(second.refreshToken).not.toBe(refreshToken)
  expect(second.accessToken).not.toBe(first.accessToken)

  // A retry within the minute: the same access token, and no refresh token.
  const retry = await refreshAuthToken({ clientId, clientSecret, refreshToken }, { baseUrl })
  expect(retry.accessToken).toBe(second.accessToken)
  expect(retry.refreshToken).toBeUndefined()

  const third = await refreshAuthToken({ clientId, clientSecret, refreshToken: second.refreshToken! }, { baseUrl })
  const caller = new TodoistApi(third.accessToken, { baseUrl })
  await caller.getUser()
  expect(await revokeToken({ clientId, clientSecret, token: third.accessToken }, { baseUrl })).toBe(true)
  expect(await statusOf(caller.getUser())).toBe(401)
  const gone = { clientId, clientSecret, refreshToken: third.refreshToken! }
  expect(await statusOf(refreshAuthToken(gone, { baseUrl }))).toBe(400)
})
