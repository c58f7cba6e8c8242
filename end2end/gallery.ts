// The gallery: every state of the page, from fixed data (app/examples/gallery.rs).
import { type ChildProcess, spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'

const BIN = resolve(process.env.GALLERY_BIN ?? '../target/debug/examples/gallery')
const SITE = resolve(process.env.OO_BIN ?? '../target/dist/oo', '../site')

export class Gallery {
  private constructor(
    readonly url: string,
    private readonly process: ChildProcess,
  ) {}

  static async open() {
    const env = { OO_GALLERY_ADDR: '127.0.0.1:0', OO_GALLERY_SITE: SITE }
    const child = spawn(BIN, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    for await (const line of createInterface({ input: child.stdout! })) {
      return new Gallery(line.replace('The gallery is at ', ''), child)
    }
    throw new Error('the gallery did not open')
  }

  /** The addresses of all states. */
  async states() {
    const list = await (await fetch(this.url)).text()
    return [...list.matchAll(/href=\/gallery\/([^>]*)/g)].map(([, name]) => name ?? '')
  }

  close() {
    this.process.kill()
  }
}
