// Todoist's double, as a process of its own, and what a test tells it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** What it prints when it is ready. */
export type Ready = { base_url: string; api_token: string; client_id: string; client_secret: string; account: string }

/** A task, as `testkit::todoist::NewTask` has it. */
export type NewTask = {
  content: string
  description?: string
  project?: string
  labels?: string[]
  priority?: number
  due?: Due
}

/** When a task is to be done; `string` says how it repeats, such as `every week`. */
export type Due = { date: string; string?: string; is_recurring?: boolean }

/** A task that is in the account. */
export type Task = { id: string; content: string; checked: boolean; due: Due | null }

export class Double {
  private constructor(
    readonly ready: Ready,
    private readonly process: ChildProcess,
  ) {}

  /** `tasks`: `demo`, `empty`, or how many. */
  static async start(tasks = 'demo') {
    const child = spawn(binary(), ['--addr', '127.0.0.1:0', '--tasks', tasks], { stdio: ['ignore', 'pipe', 'inherit'] })
    for await (const line of createInterface({ input: child.stdout! })) return new Double(JSON.parse(line), child)
    throw new Error('the double of Todoist did not start')
  }

  /** Answers its exit code. */
  async stop() {
    const gone = once(this.process, 'exit')
    this.process.kill()
    const [code] = await gone
    return code as number | null
  }

  async tasks() {
    return (await this.control('GET', `accounts/first/tasks`)) as Task[]
  }

  /** The task of this title. */
  async task(title: string) {
    const task = (await this.tasks()).find(({ content }) => content === title)
    if (task === undefined) throw new Error(`there is no task of the title ${title}`)
    return task
  }

  /** The person ticks it off, over there. */
  async complete({ id }: Task) {
    await this.control('POST', `accounts/first/tasks/${id}/complete`)
  }

  async delete({ id }: Task) {
    await this.control('DELETE', `accounts/first/tasks/${id}`)
  }

  async rename({ id }: Task, content: string) {
    await this.control('PATCH', `accounts/first/tasks/${id}`, { content })
  }

  async replaceTasks(tasks: NewTask[]) {
    await this.control('PUT', `accounts/first/tasks`, tasks)
  }

  /** Every answer from now on goes wrong in this way, such as `{ fault: 'unavailable' }`. */
  async inject(rule: { fault: string; times?: number; path?: string; ms?: number; retry_after?: number }) {
    await this.control('POST', 'faults', rule)
  }

  async heal() {
    await this.control('DELETE', 'faults')
  }

  /** Ends all that the person ever allowed, as they can in Todoist's settings. */
  async revoke() {
    await this.control('POST', 'accounts/first/revoke')
  }

  /** Every access token and refresh token that it granted. */
  async tokens() {
    return (await this.control('GET', 'tokens')) as string[]
  }

  /** Ends the access tokens; a refresh token brings a new one. */
  async expire() {
    await this.control('POST', 'tokens', { expire: true })
  }

  /** How often it was asked to close a task. */
  async closings() {
    return this.asked((path) => path.endsWith('/close'))
  }

  /** How often it was asked at paths like this. */
  async asked(like: (path: string) => boolean) {
    const { requests } = (await this.control('GET', 'requests')) as {
      requests: { method: string; path: string; count: number }[]
    }
    return requests.filter(({ path }) => like(path)).reduce((sum, { count }) => sum + count, 0)
  }

  private async control(method: string, path: string, body?: unknown) {
    const answer = await fetch(`${this.ready.base_url}/_double/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer.headers.get('content-type')?.includes('json') ? answer.json() : undefined
  }
}

function binary() {
  const built = ['release', 'debug'].map((profile) =>
    fileURLToPath(new URL(`../target/${profile}/todoist-double`, import.meta.url)),
  )
  const found = process.env.TODOIST_DOUBLE_BIN ?? built.find(existsSync)
  if (found === undefined) throw new Error('build it first: cargo build -p testkit --bin todoist-double')
  return found
}
