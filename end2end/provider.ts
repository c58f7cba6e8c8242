// A real provider of OpenID Connect. It lives at `localhost`, so that for a browser it is another site than oO.
import { once } from 'node:events'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { Provider as Oidc } from 'oidc-provider'

export const CLIENT_ID = 'oo'
export const CLIENT_SECRET = 'a secret of the two, and of nobody else'

/** Where everybody has their mailbox. */
export const EMAIL_HOST = 'mail.example.org'

export class Provider {
  private constructor(
    readonly issuer: string,
    private readonly server: Server,
  ) {}

  /** `redirect`: where oO lets people come back to. */
  static async start(redirect: string) {
    const server = createServer().listen(0, 'localhost')
    await once(server, 'listening')
    const issuer = `http://localhost:${(server.address() as AddressInfo).port}`
    const oidc = new Oidc(issuer, {
      clients: [{ client_id: CLIENT_ID, client_secret: CLIENT_SECRET, redirect_uris: [redirect] }],
      findAccount: (_: unknown, sub: string) => ({
        accountId: sub,
        claims: () => ({ sub, email: `${sub}@${EMAIL_HOST}`, email_verified: true }),
      }),
      claims: { openid: ['sub'], email: ['email', 'email_verified'] },
      conformIdTokenClaims: false,
      pkce: { required: () => true },
      features: { devInteractions: { enabled: true } },
      cookies: { keys: ['a key for cookies'] },
      ttl: { Interaction: 600, Session: 600, Grant: 600, IdToken: 600, AccessToken: 600 },
    })
    server.on('request', oidc.callback())
    return new Provider(issuer, server)
  }

  async stop() {
    this.server.closeAllConnections()
    this.server.close()
    await once(this.server, 'close')
  }
}

/** On the provider's pages: signs in, and allows what oO asks for. */
export async function signInThere(page: Page, login: string) {
  await page.getByPlaceholder('Enter any login').fill(login)
  await page.getByPlaceholder('and password').fill('whatever it takes')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
}
