// A real provider of OpenID Connect. It lives at `localhost`, so that for a browser it is another site than oO.
import { generateKeyPairSync, verify } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Page } from '@playwright/test'
import { Provider as Oidc } from 'oidc-provider'

export const CLIENT_ID = 'oo'
export const CLIENT_SECRET = 'a secret of the two, and of nobody else'

/** Where everybody has their mailbox. */
export const EMAIL_HOST = 'mail.example.org'

const TEAM = 'TEAM123456'
const KEY = 'KEY1234567'

export class Provider {
  private constructor(
    readonly issuer: string,
    private readonly server: Server,
    /** What oO has to be told of it. */
    readonly variables: Record<string, string>,
  ) {}

  /** `redirect`: where oO lets people come back to. `prefix`: how its variables begin. */
  static async start(redirect: string, prefix: string) {
    const { server, issuer } = await listen()
    const oidc = new Oidc(issuer, configuration(redirect))
    server.on('request', oidc.callback())
    return new Provider(issuer, server, {
      [`${prefix}_ISSUER`]: issuer,
      [`${prefix}_CLIENT_ID`]: CLIENT_ID,
      [`${prefix}_CLIENT_SECRET`]: CLIENT_SECRET,
    })
  }

  /** One that does what Apple does: secrets that are signed, answers that are posted, booleans in strings. */
  static async startAppleLike(redirect: string) {
    const { server, issuer } = await listen()
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const oidc = new Oidc(issuer, {
      ...configuration(redirect, 'client_secret_post', 'true'),
      clientAuthMethods: ['client_secret_post'],
    })
    const answer = oidc.callback()
    server.on('request', async (request: IncomingMessage & { body?: string }, response) => {
      if (request.method === 'POST' && request.url === '/token') {
        const form = new URLSearchParams(await text(request))
        const genuine = isSigned(form.get('client_secret') ?? '', issuer, (signed, signature) =>
          verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature),
        )
        form.set('client_secret', genuine ? CLIENT_SECRET : 'not signed')
        request.body = form.toString()
      }
      answer(request, response)
    })
    return new Provider(issuer, server, {
      APPLE_ISSUER: issuer,
      APPLE_CLIENT_ID: CLIENT_ID,
      APPLE_TEAM_ID: TEAM,
      APPLE_KEY_ID: KEY,
      APPLE_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    })
  }

  async stop() {
    this.server.closeAllConnections()
    this.server.close()
    await once(this.server, 'close')
  }
}

async function listen() {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  return { server, issuer: `http://localhost:${(server.address() as AddressInfo).port}` }
}

function configuration(redirect: string, method = 'client_secret_basic', verified: boolean | string = true) {
  return {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [redirect],
        token_endpoint_auth_method: method as 'client_secret_basic',
      },
    ],
    findAccount: (_: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({ sub, email: `${sub}@${EMAIL_HOST}`, email_verified: verified as boolean }),
    }),
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ['a key for cookies'] },
    ttl: { Interaction: 600, Session: 600, Grant: 600, IdToken: 600, AccessToken: 600 },
  }
}

/** Whether a client secret is a JWT as Apple wants it. */
function isSigned(secret: string, issuer: string, verified: (signed: Buffer, signature: Buffer) => boolean) {
  const [header = '', claims = '', signature = ''] = secret.split('.')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  const { alg, kid } = read(header)
  const { iss, sub, aud, iat, exp } = read(claims)
  const now = Date.now() / 1000
  return (
    verified(Buffer.from(`${header}.${claims}`), Buffer.from(signature, 'base64url')) &&
    [alg, kid, iss, sub, aud].join() === ['ES256', KEY, TEAM, CLIENT_ID, issuer].join() &&
    iat <= now + 1 &&
    now < exp
  )
}

/** On the provider's pages: signs in, and allows what oO asks for. */
export async function signInThere(page: Page, login: string) {
  await page.getByPlaceholder('Enter any login').fill(login)
  await page.getByPlaceholder('and password').fill('whatever it takes')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
}
