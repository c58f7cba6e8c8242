// A mail server that is nobody's double: nodemailer's, over TLS, and for those alone who know the password.
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import PostalMime, { type Email } from 'postal-mime'
import { generate } from 'selfsigned'
import { SMTPServer } from 'smtp-server'

const [USER, PASSWORD] = ['oo', 'a-secret-of-the-two']

export class MailServer {
  private constructor(
    readonly letters: Email[],
    private readonly server: SMTPServer,
    private readonly folder: string,
  ) {}

  static async start() {
    const pems = await generate([{ name: 'commonName', value: 'localhost' }], {
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
      ],
    })
    const folder = mkdtempSync(join(tmpdir(), 'oo-mail-'))
    writeFileSync(join(folder, 'certificate.pem'), pems.cert)
    const letters: Email[] = []
    const server = new SMTPServer({
      secure: true,
      key: pems.private,
      cert: pems.cert,
      onAuth: ({ username, password }, _session, answer) =>
        username === USER && password === PASSWORD ? answer(null, { user: USER }) : answer(new Error('who?')),
      onData: (stream, _session, answer) => {
        buffer(stream)
          .then((bytes) => PostalMime.parse(bytes))
          .then((letter) => letters.push(letter))
          .then(() => answer(), answer)
      },
    })
    server.listen(0, 'localhost')
    await once(server.server, 'listening')
    return new MailServer(letters, server, folder)
  }

  /** What oO has to know of it: among that, whose certificates to believe. */
  get variables() {
    const address = this.server.server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    return {
      OO_MAIL_URL: `smtps://${USER}:${PASSWORD}@localhost:${port}`,
      OO_MAIL_FROM: 'oO <oo@example.org>',
      SSL_CERT_FILE: join(this.folder, 'certificate.pem'),
    }
  }

  async stop() {
    await new Promise<void>((done) => this.server.close(() => done()))
    rmSync(this.folder, { recursive: true })
  }
}

/** Where a link in a letter leads. */
export function link({ text = '' }: Email, label: string) {
  const line = text.split('\n').find((line) => line.startsWith(`${label}: `))
  if (line === undefined) throw new Error(`there is no link ${label} in:\n${text}`)
  return line.slice(label.length + 2).trim()
}
