import assert from "node:assert/strict";
import { isSecretKey } from "../../../engines/events/secret_key.ts";

Deno.test("isSecretKey knows the words for secrets in every spelling", () => {
  const secret =
    "password Password PASSWORD userPassword db_password pass_word pass-word passphrase secret " +
    "clientSecret key KEY apiKey APIKey api_key API-KEY x-api-key privateKey accesskey hotkey " +
    "token accessToken access_token to.ken max_tokens auth Authorization authentication oauth2 " +
    "credential credentials awsCredentials ｐａｓｓｗｏｒｄ pass\u200bword monkeyToken author_key";
  for (const key of secret.split(" ")) assert.equal(isSecretKey(key), true, key);
});

Deno.test("isSecretKey leaves other keys alone", () => {
  const other =
    "user name value pass count query result tokyo kay monkey monkeys Keyboard KEYBOARD " +
    "keyboardLayout keynote keyword_count author authors authorId book-author authentic turkey " +
    "tokenizer tokenizerName";
  for (const key of other.split(" ")) assert.equal(isSecretKey(key), false, key);
});
