// Processes of the product, as a test needs them: started for it alone, stopped after it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

export const OO = resolve(process.env.OO_BIN ?? '../target/dist/oo')

type Variables = Record<string, string>

/** A running `oo`, with a folder of its own: in it, an embedded PostgreSQL. */
export class House {
  url = ''
  log = ''
  private process?: ChildProcess
  private readonly data = mkdtempSync(join(tmpdir(), 'oo-'))

  constructor(
    private readonly command: 'demo' | 'serve',
    private readonly variables: Variables = {},
  ) {
    // PostgreSQL, which refuses to be root, has to pass through.
    chmodSync(this.data, 0o755)
  }

  /** Starts it, and waits until it says where it is. */
  async start(addr = '127.0.0.1:0') {
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      OO_DATA_DIR: this.data,
      OO_LOG: 'debug,hyper=info,sqlx=info',
      // A test asks faster than people do.
      OO_LIMIT_PER_SECOND: '0',
      ...this.variables,
    }
    this.process = spawn(OO, [this.command, '--addr', addr], { env, cwd: this.data })
    this.process.stderr?.on('data', (chunk) => (this.log += chunk))
    for await (const line of createInterface({ input: this.process.stdout! })) {
      const url = /^oO is at (\S+)$/.exec(line)?.[1]
      if (url) {
        this.url = url
        return this
      }
    }
    throw new Error(`oO did not start:\n${this.log}`)
  }

  /** Sends a signal, and waits until the process is gone. Answers its exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM') {
    const child = this.process
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode
    const gone = once(child, 'exit')
    child.kill(signal)
    const [code] = await gone
    return code as number | null
  }

  /** Stops it, and starts it again at the same address. */
  async restart(signal?: NodeJS.Signals) {
    await this.stop(signal)
    await this.start(new URL(this.url).host)
  }

  /** Stops it, and leaves nothing behind. */
  async remove() {
    const code = await this.stop()
    rmSync(this.data, { recursive: true, force: true })
    return code
  }

  /** Everything that is in the database, as SQL. */
  dump() {
    return this.ask('pg_dump', '--inserts')
  }

  /** The one value that a query answers with. */
  query(sql: string) {
    return this.ask('psql', '-Atc', sql).trim()
  }

  private ask(client: string, ...rest: string[]) {
    const args = ['-h', join(this.data, 'postgres'), '-U', 'oo', ...rest, 'oo']
    return execFileSync(client, args, { maxBuffer: 1 << 28, encoding: 'utf8' })
  }
}

/** A port that nobody listens on at the moment. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}
