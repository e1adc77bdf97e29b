//! What the address keeps of a response: rule P17 where the vectors don't reach.

use crate::fixtures::{NOW, REDIRECT_URI, Store, answer, check_all, client, same};

#[test]
fn rule_p17_our_parameters_leave_and_the_applications_stay_as_they_were() {
    let rows = [
        ("?tab=1&q=a%20b+c%2f", "", "?tab=1&q=a%20b+c%2f"),
        (
            "?promocode=X&mystate=1&errors=2&statement=3&State=4",
            "",
            "?promocode=X&mystate=1&errors=2&statement=3&State=4",
        ),
        ("?state=x&tab=1&iss=y", "", "?tab=1"),
        ("", "&foo=1&bar", "#foo=1&bar"),
        ("", "&foo=%zz%", "#foo=%zz%"),
        ("", "&=x", "#=x"),
        ("", "&_=_", ""),
        ("", "&oauth_redirect=javascript%3Aalert(1)", ""),
        (
            "",
            "&scope=x&iss=y&error_description=z&error_uri=u&session_state=w&%69d_token=J&refresh_token=R",
            "",
        ),
    ];
    let client = client();
    let (mut store, _) = Store::with_login(&client);
    check_all(rows, |(query, more, left)| {
        let response = format!("{query}#access_token=AT&token_type=Bearer&state=attacker{more}");
        let handled = store
            .clone()
            .handle(&client, &format!("{REDIRECT_URI}{response}"), NOW);
        same(
            &response,
            &handled.address.as_str(),
            &format!("{REDIRECT_URI}{left}").as_str(),
        )
    });
    let none = store.handle(&client, "https://app.example/cb?tab=1#top", NOW);
    assert_eq!(
        (none.code(), none.address.as_str()),
        ("null", "https://app.example/cb?tab=1#top")
    );
}

#[test]
fn rule_p17_a_token_in_a_broken_link_is_taken_out_on_the_redirect_uri_only() {
    let rows = [
        ("##access_token=SECRET", ""),
        ("#?access_token=SECRET", ""),
        ("#top&%20access_token=SECRET", ""),
        ("#access%5Ftoken%3DSECRET", ""),
        ("#x;access_token=SECRET", ""),
        ("#/inbox?access_token=SECRET", "#/inbox"),
        ("#/inbox&access_token=SECRET", "#/inbox"),
        ("#/inboxaccess_token=SECRET", "#/inbox"),
        ("#!/inbox?tab=1&access_token=SECRET", "#!/inbox"),
        ("##id_token=SECRET", ""),
    ];
    let client = client();
    check_all(rows, |(fragment, left)| {
        let address = format!("{REDIRECT_URI}{fragment}");
        let handled = Store::default().handle(&client, &address, NOW);
        same(fragment, &handled.code(), &"null")?;
        same(
            fragment,
            &handled.address.as_str(),
            &format!("{REDIRECT_URI}{left}").as_str(),
        )?;
        let elsewhere = format!("https://app.example/other{fragment}");
        let handled = Store::default().handle(&client, &elsewhere, NOW);
        same(&elsewhere, &handled.address.as_str(), &elsewhere.as_str())
    });
}

#[test]
fn rule_p17_a_hash_route_is_kept_without_the_response_behind_it() {
    let mut router = client();
    router.set_hash_router(true);
    let rows = [
        (
            "#/cb?access_token=AT&token_type=Bearer&state={S}",
            "ok",
            "#/cb",
        ),
        (
            "#/cb?tab=1&access_token=AT&token_type=Bearer&state={S}&x=2",
            "ok",
            "#/cb?tab=1&x=2",
        ),
        (
            "#!cb?access_token=AT&token_type=Bearer&state={S}",
            "ok",
            "#!cb",
        ),
        ("#/?access_token=AT&token_type=Bearer&state={S}", "ok", "#/"),
        ("#access_token=AT&token_type=Bearer&state={S}", "ok", ""),
        (
            "#/cb?error=access_denied&state={S}",
            "authorization_error",
            "#/cb",
        ),
        ("#/cb?q=access", "null", "#/cb?q=access"),
    ];
    check_all(rows, |(response, code, left)| {
        let handled = answer(&router, response);
        same(response, &handled.code(), code)?;
        same(
            response,
            &handled.address.as_str(),
            &format!("{REDIRECT_URI}{left}").as_str(),
        )
    });
}
