// A real OpenID Connect provider on a free port of this machine: prints its port, then serves until
// its input ends.
//
//   node provider.js CERTIFICATE KEY REDIRECT_URI
//
// Anybody signs in as the name that they type, without a password; a name that begins with "other"
// does, too. It signs people's tokens (RS256) and, for the client "calc", tokens of services.
import { createServer } from 'node:https';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// The packages are installed elsewhere: in the folder that the test names.
const require = createRequire(pathToFileURL(process.env.OIDC_PACKAGES + '/'));
const { default: Provider } = await import(pathToFileURL(require.resolve('oidc-provider')).href);

const [certificate, key, redirect] = process.argv.slice(2);
let handler = (request, response) => response.end();
const server = createServer(
  { cert: readFileSync(certificate), key: readFileSync(key) },
  (request, response) => handler(request, response),
);
server.listen(0, '127.0.0.1', () => {
  const port = server.address().port;
  const issuer = `https://localhost:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'sluice',
        client_secret: 'a secret of the test: +/&=%',
        redirect_uris: [redirect],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        require_auth_time: true,
      },
      {
        client_id: 'calc',
        client_secret: 'calc-secret',
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
      },
    ],
    cookies: { keys: ['for the test'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    findAccount: (context, sub) => ({
      accountId: sub,
      claims: () => ({ sub, email: `${sub}@plan.example`, email_verified: sub !== 'unverified' }),
    }),
    features: {
      devInteractions: { enabled: true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        useGrantedResource: () => false,
        getResourceServerInfo: (context, resource) => ({
          scope: 'call',
          audience: resource,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    // Without asking for consent: the test is of signing in.
    loadExistingGrant: async (context) => {
      const grant = new context.oidc.provider.Grant({
        clientId: context.oidc.client.clientId,
        accountId: context.oidc.session.accountId,
      });
      grant.addOIDCScope('openid email');
      await grant.save();
      return grant;
    },
  });
  handler = provider.callback();
  console.log(port);
});
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
