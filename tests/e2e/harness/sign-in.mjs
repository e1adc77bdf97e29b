// What a user does on the pages of the servers that we run; all of them have the same fields and buttons.

/** Signs in where that is asked for, presses a button, and comes back. */
export async function answerAt(page, button, redirectUri) {
  const form = page.locator('[name=email]');
  await form.or(page.locator(button)).first().waitFor();
  if (await form.isVisible()) {
    await form.fill('ada@example.com');
    await page.fill('[name=password]', 'demo');
    await page.click('#sign-in');
  }
  await page.click(button);
  await page.waitForURL((url) => url.href.startsWith(redirectUri));
}
