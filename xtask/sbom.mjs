// Writes what the npm package is made of as a CycloneDX document, the same bytes for the same parts.
// Usage: node sbom.mjs OUT '{"parts": [{"name": …, "version": …, "licence": …, "sha256": …, "uses": [NAME, …]}, …], "tools": …}'
// The first part is the package itself, "tools" has the version of each program that made it.
import { writeFile } from 'node:fs/promises';
import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';

const [, , out, text] = process.argv;
const { parts, tools } = JSON.parse(text);

function component({ name, version, licence, sha256 }, index) {
  const purl = `pkg:${index === 0 ? 'npm' : 'cargo'}/${name}@${version}`;
  const made = new Models.Component(Enums.ComponentType.Library, name, { version, purl, bomRef: purl });
  made.licenses.add(new Models.LicenseExpression(licence));
  if (sha256) made.hashes.set(Enums.HashAlgorithm['SHA-256'], sha256);
  return made;
}

const made = new Map(parts.map((part, index) => [part.name, component(part, index)]));
for (const { name, uses } of parts) {
  for (const used of uses) made.get(name).dependencies.add(made.get(used).bomRef);
}
const [itself, ...others] = made.values();
const bom = new Models.Bom({ metadata: new Models.Metadata({ component: itself }) });
for (const other of others) bom.components.add(other);
for (const [name, version] of Object.entries(tools)) {
  bom.metadata.tools.components.add(new Models.Component(Enums.ComponentType.Application, name, { version }));
}
const normalize = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
await writeFile(out, `${new Serialize.JsonSerializer(normalize).serialize(bom, { sortLists: true, space: 2 })}\n`);
