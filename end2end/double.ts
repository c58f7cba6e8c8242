// Todoist's double, and what a test tells it.
import { Beside, start } from './beside.js'

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

export class Double extends Beside<Ready> {
  /** `tasks`: `demo`, `empty`, or how many. */
  static async start(tasks = 'demo') {
    return new Double(...(await start<Ready>('todoist-double', '--tasks', tasks)))
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
}
