// Lighthouse, in a Chromium of its own. It tells nobody what it finds: only its command line reports errors.
import { type BrowserContext, chromium } from '@playwright/test'
import lighthouse, { type Flags, type Result } from 'lighthouse'
import config from './playwright.config.js'
import { freePort } from './house.js'

/** A browser that Lighthouse can look through; what is done in its `context`, such as signing in, counts there too. */
export class Lens {
  private constructor(
    readonly context: BrowserContext,
    private readonly port: number,
  ) {}

  static async open() {
    const port = await freePort()
    const { args = [], ...options } = config.use?.launchOptions ?? {}
    const context = await chromium.launchPersistentContext('', {
      ...options,
      args: [...args, `--remote-debugging-port=${port}`],
    })
    return new Lens(context, port)
  }

  /** What Lighthouse says of a page on a phone. */
  async look(url: string, flags: Flags = {}): Promise<Result> {
    const found = await lighthouse(url, { port: this.port, logLevel: 'error', formFactor: 'mobile', ...flags })
    if (!found) throw new Error(`Lighthouse has nothing to say of ${url}`)
    const { lhr } = found
    if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`)
    return lhr
  }

  close() {
    return this.context.close()
  }
}

/** The score of a category, of 100. */
export const score = ({ categories }: Result, category: string) => Math.round((categories[category]?.score ?? 0) * 100)

/** The audits that cost a category points, and what they found. */
export function failing({ categories, audits }: Result, category: string) {
  const counted = categories[category]?.auditRefs.filter(({ weight }) => weight > 0) ?? []
  return counted
    .map(({ id }) => audits[id]!)
    .filter(({ score }) => score !== null && score < 1)
    .map(({ id, title, displayValue, details }) => {
      const items = details && 'items' in details ? JSON.stringify(details.items) : ''
      return `${category}: ${id}: ${title} ${displayValue ?? ''} ${items}`.trim()
    })
}
