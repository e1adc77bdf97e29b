import sys,re,glob
R=sys.argv[1]+'/'
def sub(f, pairs):
    p=R+f
    s=open(p).read()
    for a,b in pairs:
        assert a in s, (f,a)
        s=s.replace(a,b,1)
    open(p,'w').write(s)
sub('src/syntax/form.rs',[("/// Whether the names of further parameters are there and none of `ours`","""/// A form of the pairs of both, where those that are `given` take the place of `others` with their names.
pub(crate) fn overlay<'a>(given: &'a [u8], others: &'a [u8], arena: &mut Arena<'a>) -> &'a [u8] {
    if given.is_empty() {
        return others;
    }
    arena.put(given);
    for (name, value) in pairs(others) {
        if !have(pairs(given), name) {
            arena.push(b'&');
            arena.put(name);
            arena.push(b'=');
            arena.put(value);
        }
    }
    arena.take()
}

/// Whether the names of further parameters are there and none of `ours`""")])
sub('src/session/event.rs',[("""    /// The caller wants a new token.
    RenewRequested,
""","""    /// The caller wants a new token, and asks for this in addition: a form that was checked.
    RenewRequested { parameters: &'a [u8] },
""")])
sub('src/session/machine.rs',[("            Event::RenewRequested => self.renew(),","            Event::RenewRequested { parameters } => self.renew(parameters),"),
("            self.start_renewal();\n        }\n    }\n\n    pub(super) fn revoke","            self.start_renewal(b\"\");\n        }\n    }\n\n    pub(super) fn revoke"),
("            self.start_renewal();\n        }\n        self.keep();","            self.start_renewal(b\"\");\n        }\n        self.keep();")])
sub('src/session/renewal.rs',[("""    /// The token that is to be replaced; empty where there was none.
    pub(super) access_token: &'a [u8],
""","""    /// The token that is to be replaced; empty where there was none.
    pub(super) access_token: &'a [u8],
    /// A form of what its caller asked for in addition.
    pub(super) parameters: &'a [u8],
""")])
sub('src/session/tab.rs',[("""            access_token: lines.text(),
        });
        tab
""","""            access_token: lines.text(),
            parameters: lines.text(),
        });
        tab
"""),("            put_line(arena, renewal.access_token);\n","            put_line(arena, renewal.access_token);\n            put_line(arena, renewal.parameters);\n")])
sub('src/session/renew.rs',[
("    pub(super) fn renew(&mut self) {","    pub(super) fn renew(&mut self, parameters: &'a [u8]) {"),
("            return self.start_renewal();","            return self.start_renewal(parameters);"),
("    pub(super) fn start_renewal(&mut self) {","    pub(super) fn start_renewal(&mut self, parameters: &'a [u8]) {"),
("            access_token: self.access_token(),\n        });","            access_token: self.access_token(),\n            parameters,\n        });"),
("""        let endpoint = self.policy.token_endpoint.as_ref();
        if self.has_grant()
""","""        let endpoint = self.policy.token_endpoint.as_ref();
        let asked = self.tab.renewal.as_ref().map_or(b"", |it| it.parameters);
        if self.has_grant()
"""),
("            let request = TokenRequest::refresh(endpoint, refresh_token, token.scope, self.arena);","""            let endpoint = TokenEndpoint {
                further: overlay(asked, endpoint.further, self.arena),
                ..*endpoint
            };
            let request = TokenRequest::refresh(&endpoint, refresh_token, token.scope, self.arena);"""),
("            self.effects.frame_parameters = self.held().map_or(b\"\", |held| held.parameters);","            let repeated = self.held().map_or(&b\"\"[..], |held| held.parameters);\n            self.effects.frame_parameters = overlay(asked, repeated, self.arena);"),
("use crate::syntax::text::{is, is_one_of, place_of};","use crate::syntax::form::overlay;\nuse crate::syntax::text::{is, is_one_of, place_of};\nuse crate::token::endpoint::TokenEndpoint;"),
])
sub('src/package/session.rs',[("        Method::RENEW => Event::RenewRequested,","""        Method::RENEW => {
            let parameters = call.text(0);
            // Whichever way it is renewed, by a request for a token or for authorization.
            check_parameters(parameters, true)?;
            check_further(parameters).map_err(|_| Invalid::Parameters)?;
            Event::RenewRequested { parameters }
        }"""),
("use crate::error::Invalid;\n","use crate::authorization::request::check_parameters;\nuse crate::error::Invalid;\n"),
("use crate::token::request::TokenRequest;\n","use crate::token::endpoint::check_further;\nuse crate::token::request::TokenRequest;\n"),
("""pub(super) fn session_name<'a>(client: &Client<'_>, arena: &mut Arena<'a>) -> &'a [u8] {
    record::name(client, arena)
}""","""pub(super) fn session_name<'a>(
    call: &Call<'_>,
    client: &Client<'_>,
    arena: &mut Arena<'a>,
) -> &'a [u8] {
    let further = Text::TOKEN_PARAMETERS.of(call).unwrap_or_default();
    record::name(client, further, arena)
}"""),
])
sub('src/package/full.rs',[("session_name(&client, arena)","session_name(call, &client, arena)")])
sub('src/package/numbers.rs',[("            /// The caller wants a new token.\n            RENEW,","            /// The caller wants a new token: `parameters`.\n            RENEW,")])
sub('src/session/record.rs',[
("/// The name of a client's session in a store: it holds what the session depends on, so that clients who\n/// ask for different things have different ones.\npub(crate) fn name<'a>(client: &Client<'_>, arena: &mut Arena<'a>) -> &'a [u8] {","/// The name of a client's session in a store: it holds what the session depends on, so that clients who\n/// ask for different things have different ones. `further` is what its requests for tokens say in addition,\n/// such as their `resource` (RFC 8707, section 2.2).\npub(crate) fn name<'a>(client: &Client<'_>, further: &[u8], arena: &mut Arena<'a>) -> &'a [u8] {"),
("""        put_pair(arena, b'&', name, value);
    }
    let depends_on""","""        put_pair(arena, b'&', name, value);
    }
    put_if_any(arena, b'&', "parameters", further);
    let depends_on"""),
])
sub('src/owned/session.rs',[
("""        with_room(&self.client, |client, arena| {
            owned(record::name(&client.as_core(), arena))
        })""","""        with_room(self, |policy, arena| {
            let endpoint = policy.token_endpoint.as_ref().map(TokenEndpoint::as_core);
            let further = endpoint.map_or(&b""[..], |endpoint| endpoint.further);
            owned(record::name(&policy.client.as_core(), further, arena))
        })"""),
("it holds client, server, redirect URI and scope.","it holds client, server, redirect URI, scope and\n    /// what requests for tokens say in addition."),
("            Self::RenewRequested => Event::RenewRequested,","            Self::RenewRequested { parameters } => Event::RenewRequested {\n                parameters: parameters.as_bytes(),\n            },"),
("            Self::RenewRequested => \"RenewRequested\",","            Self::RenewRequested { .. } => \"RenewRequested\","),
])
s=open(R+'src/owned/session.rs').read()
s=re.sub(r"(    ///[^\n]*\n)    RenewRequested,\n", r"\1    RenewRequested {\n        /// A form of what it asks for in addition, in a frame in the place of what the login asked for by the\n        /// same names; empty for nothing. Neither request's own parameters are among them.\n        parameters: String,\n    },\n", s, count=1)
open(R+'src/owned/session.rs','w').write(s)
for f in glob.glob(R+'tests/core/session/*.rs'):
    s=open(f).read()
    t=s.replace('SessionEvent::RenewRequested)','RENEW)')
    t=t.replace('&SessionEvent::RenewRequested','&RENEW')
    t=t.replace('&RENEW)','&renew_requested())')
    if t!=s: open(f,'w').write(t)
sub('pkg/facade/session.js',[
("""  function renew() {
    renewal ??= waiter();
    const { promise } = renewal;
    reportRenewal(RENEW);
    return promise;
  }""","""  function renew(parameters) {
    renewal ??= waiter();
    const { promise } = renewal;
    const answer = reportRenewal(RENEW, [parameters]);
    if (answer?.[STATUS] >= OPTIONS) {
      // Nobody else waits for what was not begun.
      if (!isRenewing) renewal = undefined;
      check(answer);
    }
    return promise;
  }"""),
("""    try {
      on(method, args, ...about);
    } catch (error) {
      settle""","""    try {
      return on(method, args, ...about);
    } catch (error) {
      settle"""),
("""        const signal = readSignal(options);
        return until(renew(), signal);""","""        const signal = readSignal(options);
        const asked = membersOf(options ?? {}, 'options')('parameters');
        return until(renew(asked === undefined ? undefined : form(asked)), signal);"""),
("import { flag, membersOf, readSignal }","import { flag, form, membersOf, readSignal }"),
("LOOK, OPEN_FRAME, OTHER_REVOCATION,","LOOK, OPEN_FRAME, OPTIONS, OTHER_REVOCATION,"),
])
for f in glob.glob(R+'tests/core/session/*.rs'):
    s=open(f).read()
    t=s.replace('SessionEvent::RenewRequested)','X').replace('&renew_requested()','&renewal_for("")') if False else s.replace('&renew_requested()','&renewal_for("")')
    if t!=s:
        open(f,'w').write(t)
s=open(R+'tests/core/session/tabs.rs').read()
s=s.replace("""/// Some tabs of one client, and a clock.""","""/// The caller wants a new token, and asks for this in addition.
pub(crate) fn renewal_for(parameters: &str) -> SessionEvent {
    let parameters = parameters.into();
    SessionEvent::RenewRequested { parameters }
}

/// Some tabs of one client, and a clock.""",1)
open(R+'tests/core/session/tabs.rs','w').write(s)
s=open(R+'tests/core/session/turns.rs').read()
s=s.replace("""// Rule M13: the page can ask
""","""#[test]
fn rule_m12_what_a_renewal_asks_for_takes_the_place_of_what_the_login_asked_for() {
    let mut tabs = Tabs::private(1).with_frames().with_token();
    let asked = "acr_values=2&login%5Fhint=bob";
    assert_eq!(tabs.on(0, &renewal_for(asked)).words, ["lock 1"]);
    // Whoever asks meanwhile gets the same outcome.
    assert_eq!(tabs.on(0, &renewal_for("x=y")).words, NOTHING);
    assert_eq!(
        tabs.locked(0, 1, Lock::Held).words,
        ["frame 1 acr_values=2&login%5Fhint=bob"]
    );
    tabs.failed_frame(0, 1);
    assert_eq!(tabs.on(0, &renewal_for("acr_values=2")).words, ["lock 2"]);
    assert_eq!(
        tabs.locked(0, 2, Lock::Held).words,
        ["frame 2 acr_values=2&login_hint=ada"]
    );
}

// Rule M13: the page can ask
""",1)
open(R+'tests/core/session/turns.rs','w').write(s)
sub('tests/core/session/record.rs',[("""    let mut less = client();
    less.set_scope("read".into()).unwrap();
""","""    let mut endpoint = token_endpoint();
    endpoint.add_parameter("resource", "https://api.example").unwrap();
    let mut of_resource = sessions(&client());
    of_resource.set_token_endpoint(endpoint);
    assert_ne!(mine, of_resource.key());
    let mut less = client();
    less.set_scope("read".into()).unwrap();
""")])
sub('docs/rules.md',[
("| M8 | The key of a session holds what it depends on: server, client, redirect URI, scope.","| M8 | The key of a session holds what it depends on: server, client, redirect URI, scope, and what its requests for tokens say in addition, such as `resource`."),
("| M12 | A silent login asks for what the session's login asked for in addition. | `rule_m12_a_renewal_repeats_what_the_login_asked_for` |","| M12 | A silent login asks for what the session's login asked for in addition, and a renewal for what its caller says, which takes the place of that. | `rule_m12_a_renewal_repeats_what_the_login_asked_for`, `rule_m12_what_a_renewal_asks_for_takes_the_place_of_what_the_login_asked_for`, `rule M12: renew takes parameters of its own, for a frame and for a refresh token` |"),
])
sub('CHANGELOG.md',[("- `state()` and `ready`: what the page has to show.\n","- `state()` and `ready`: what the page has to show.\n- `renew({ parameters })`: what a renewal asks for in addition, of the token endpoint or in a frame.\n")])
sub('tests/core/session/turns.rs',[("    tabs.failed_frame(0, 1);","    tabs.unframed(0, 1, Unframed::Unanswered);"),("use super::tabs::{NOTHING, Tabs, refusal, set};","use super::tabs::{NOTHING, Tabs, refusal, renewal_for, set};")])
sub('tests/e2e/renewal.test.mjs',[("test('rule T3: a server that sends no new refresh token","""test('rule M12: renew takes parameters of its own for a refresh token, and none of ours', async () => {
  const client = await own.signedIn();
  const renewWith = (parameters) => client.evaluate((client, parameters) => settle(() => client.renew({ parameters })), parameters);
  assert.ok((await renewWith({ resource: 'https://api.example/a b', audience: 'x' })).value);
  const { refresh_token, ...sent } = server.sent('/token').at(-1);
  assert.ok(refresh_token);
  assert.deepEqual(sent, { grant_type: 'refresh_token', client_id: 'spa', resource: 'https://api.example/a b', audience: 'x' });
  const before = [await tokenOf(client), server.log.length];
  for (const name of ['grant_type', 'refresh_token', 'scope', 'client_id', 'redirect_uri', 'state', 'code_challenge', '']) {
    assert.equal((await renewWith({ [name]: 'x' })).thrown?.type, 'TypeError', name);
  }
  for (const parameters of [null, 7, { audience: 7 }]) assert.equal((await renewWith(parameters)).thrown?.type, 'TypeError');
  assert.deepEqual([await tokenOf(client), server.log.length], before);
  // They were for that renewal alone.
  assert.ok((await renew(client)).value);
  assert.equal(server.sent('/token').at(-1).audience, undefined);
});

test('rule T3: a server that sends no new refresh token""")])
sub('tests/e2e/windows.test.mjs',[("/** What a page may show of each reason. */","""test('rule M12: what renew asks for in a frame takes the place of what the login asked for, but for prompt', async () => {
  const [path] = PATHS;
  const { options, client } = await framing(path, { response_type: 'token' });
  const { url } = await app.startLogin(options, { parameters: { login_hint: 'ada', acr_values: '2' } });
  assert.equal((await app.handleRedirect(options, await own.respond(url))).thrown, undefined);
  const parameters = { login_hint: 'bob', prompt: 'login' };
  assert.ok((await client.evaluate((client, parameters) => settle(() => client.renew({ parameters })), parameters)).value);
  const { urls } = await framesSeen(app);
  const asked = new URL(urls[0]).searchParams;
  assert.deepEqual([asked.getAll('login_hint'), asked.getAll('acr_values'), asked.getAll('prompt')], [['bob'], ['2'], ['none']]);
});

/** What a page may show of each reason. */""")])
sub('docs/rules.md',[("`rule M12: renew takes parameters of its own, for a frame and for a refresh token`","`rule M12: renew takes parameters of its own for a refresh token, and none of ours`")])
sub('pkg/index.d.ts',[
("""   * @param options A signal that ends the waiting; the request goes on, because its answer may be the
   * only copy of the next refresh token.
""","""   * @param options A signal that ends the waiting; the request goes on, because its answer may be the
   * only copy of the next refresh token. `parameters` for this renewal: of the request to the token endpoint, as
   * `resource` (RFC 8707, section 2.2), or of the frame's, in the place of what the login asked for by the same names.
   * If a renewal is under way already, they do not count.
"""),
("  readonly renew: (options?: WaitOptions) => Promise<TokenResponse>;","  readonly renew: (options?: RenewalOptions) => Promise<TokenResponse>;"),
("/** How to end a session. */","""/** What a renewal asks for, and how long to wait for it. */
export interface RenewalOptions extends WaitOptions {
  /** As for a login, without `scope` and what a token request sets itself, such as `refresh_token`. */
  readonly parameters?: AuthorizationParameters | undefined;
}

/** How to end a session. */"""),
])
