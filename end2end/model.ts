// The double of a language model behind LiteLLM, and what a test tells it.
import { Beside, start } from './beside.js'

type Ready = { base_url: string; api_key: string }

/** An idea, as a model writes it. */
export type Idea = { kind: string; text: string; task_ref: string | null; minutes: number | null }

export class Model extends Beside<Ready> {
  static async start() {
    return new Model(...(await start<Ready>('llm-double')))
  }

  /** What oO has to know of it. */
  get variables() {
    return { LITELLM_BASE_URL: this.ready.base_url, LITELLM_API_KEY: this.ready.api_key }
  }

  /** What it writes from now on, whenever it is asked. */
  async write(...candidates: Idea[]) {
    await this.control('POST', 'say', { texts: Array(50).fill(JSON.stringify({ candidates })) })
  }

  /** What it was asked under an alias, as JSON: oldest first. */
  async asked(alias: string) {
    const { requests } = (await this.control('GET', 'requests')) as {
      requests: { alias: string | null; body: unknown }[]
    }
    return requests.filter((request) => request.alias === alias).map(({ body }) => JSON.stringify(body))
  }
}
