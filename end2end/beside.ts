// What stands beside oO, as a process of its own, and what a test tells it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A double that has started. */
export class Beside<Ready extends { base_url: string }> {
  constructor(
    readonly ready: Ready,
    private readonly process: ChildProcess,
  ) {}

  /** Answers its exit code. */
  async stop() {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return this.process.exitCode
    const gone = once(this.process, 'exit')
    this.process.kill()
    const [code] = await gone
    return code as number | null
  }

  /** Every answer from now on goes wrong in this way, such as `{ fault: 'unavailable' }`. */
  async inject(rule: { fault: string; times?: number; path?: string; ms?: number; retry_after?: number }) {
    await this.control('POST', 'faults', rule)
  }

  async heal() {
    await this.control('DELETE', 'faults')
  }

  protected async control(method: string, path: string, body?: unknown) {
    const answer = await fetch(`${this.ready.base_url}/_double/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer.headers.get('content-type')?.includes('json') ? answer.json() : undefined
  }
}

/** Starts a double of `testkit`. It prints one line of JSON when it is ready. */
export async function start<Ready>(name: string, ...args: string[]): Promise<[Ready, ChildProcess]> {
  const child = spawn(binary(name), ['--addr', '127.0.0.1:0', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout! })) return [JSON.parse(line), child]
  throw new Error(`${name} did not start`)
}

function binary(name: string) {
  const folders = process.env.DOUBLES ? [process.env.DOUBLES] : ['../target/release', '../target/debug']
  const built = folders.map((folder) => fileURLToPath(new URL(`${folder}/${name}`, import.meta.url)))
  const found = built.find(existsSync)
  if (found === undefined) throw new Error(`build it first: cargo build -p testkit --bin ${name}`)
  return found
}
