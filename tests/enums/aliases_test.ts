import assert from "node:assert/strict";
import { ALIASES } from "../../enums/aliases.ts";
import { enumValues, isEnumValue } from "../../enums/enum_values.ts";
import { ENUMS } from "../../enums/registry.ts";

Deno.test("ALIASES stand in lower case for members of registered sets, and shadow none", () => {
  for (const [set, aliases] of ALIASES) {
    assert.ok(Object.values(ENUMS).includes(set));
    const members = enumValues(set).map((member) => member.toLowerCase());
    for (const [alias, member] of aliases) {
      assert.equal(alias, alias.toLowerCase());
      assert.ok(isEnumValue(set, member), `${alias} stands for ${member}`);
      assert.ok(!members.includes(alias), `${alias} is a member itself`);
    }
  }
});
