// The double of a push service, with the browsers behind it, and what a test tells it.
import type { Page } from '@playwright/test'
import { Beside, start } from './beside.js'

/** What a browser hands out, and by what the double knows it. */
export type Subscription = { id: string; endpoint: string; keys: { p256dh: string; auth: string } }

/** What has arrived at a browser, opened. */
export type Message = { subscription: string; data: Record<string, unknown>; ttl: number; urgency: string }

export class PushService extends Beside<{ base_url: string }> {
  static async start() {
    return new PushService(...(await start<{ base_url: string }>('push-double')))
  }

  /** What oO has to know of it, beside its own key. */
  get variables() {
    return { OO_PUSH_CONTACT: 'mailto:ana@example.org', OO_PUSH_HOSTS: new URL(this.ready.base_url).host }
  }

  /** Lets the browser of a page subscribe here, in place of its own push service, which tests cannot reach. */
  async standsBehind(page: Page) {
    const subscribe = (key: string) => this.control('POST', 'subscriptions', { key }) as Promise<Subscription>
    const given: Subscription[] = []
    await page.exposeFunction('subscribeAtDouble', async (key: string) => {
      given.push(await subscribe(key))
      return given.at(-1)
    })
    await page.addInitScript(() => {
      const double = window as unknown as { subscribeAtDouble(key: unknown): Promise<object> }
      PushManager.prototype.subscribe = async (options) => {
        const subscription = await double.subscribeAtDouble(options?.applicationServerKey)
        return { ...subscription, toJSON: () => subscription } as unknown as PushSubscription
      }
    })
    return given
  }

  /** What has arrived at a browser, oldest first. */
  async arrived({ id }: Subscription) {
    const messages = (await this.control('GET', 'messages')) as Message[]
    return messages.filter(({ subscription }) => subscription === id)
  }

  /** The browser does not take any more. */
  async end({ id }: Subscription) {
    await this.control('DELETE', `subscriptions/${id}`)
  }
}
