import assert from "node:assert/strict";
import { isSecretKey, isSecretName } from "../../../engines/events/secret_key.ts";

Deno.test("isSecretKey knows the words for secrets in every spelling", () => {
  const secret =
    "password Password PASSWORD userPassword db_password pass_word pass-word secret clientSecret " +
    "key apiKey api_key API-KEY x-api-key privateKey token accessToken access_token to.ken auth " +
    "Authorization oauth2 credential credentials awsCredentials ｐａｓｓｗｏｒｄ pass\u200bword";
  for (const key of secret.split(" ")) assert.equal(isSecretKey(key), true, key);
});

Deno.test("isSecretKey leaves other keys alone", () => {
  for (const key of "user name value pass count query result tokyo kay".split(" ")) {
    assert.equal(isSecretKey(key), false, key);
  }
});

Deno.test("isSecretName knows single words only", () => {
  assert.equal(isSecretName("Authorization"), true);
  assert.equal(isSecretName(" api_key "), true);
  assert.equal(isSecretName("the key to success"), false);
  assert.equal(isSecretName("k".repeat(62) + "key"), false);
  assert.equal(isSecretName(7), false);
});
