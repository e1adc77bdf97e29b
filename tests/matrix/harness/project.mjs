// A fresh project of a tool in target/matrix/: the tool's packages, the packed package, and an application.
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { project as unpacked } from '../../e2e/harness/package.mjs';

const SOURCES = fileURLToPath(new URL('..', import.meta.url));
const PROJECTS = fileURLToPath(new URL('../../../target/matrix', import.meta.url));
const SCRIPT_TIMEOUT_MS = 3 * 60_000;

/** Says for which packages and which Node the installed ones are. */
const INSTALLED = 'installed';
const PACKAGES = 'node_modules';

/** No tool tells its makers of these runs, nor asks whether it may. */
const QUIET = { ASTRO_TELEMETRY_DISABLED: '1', NEXT_TELEMETRY_DISABLED: '1', NUXT_TELEMETRY_DISABLED: '1', NG_CLI_ANALYTICS: 'false' };

/** Instead of what does nothing. */
const LOAD = "import { load } from 'claviger/wasm';\n\nexport const loadModule = () => load('/claviger.wasm');\n";

export class Project {
  #installing;

  constructor(name) {
    this.sources = join(SOURCES, name);
    this.folder = join(PROJECTS, name);
  }

  /** The tool's packages, as the lockfile says, unless they are there; the reason where they refuse this machine. */
  install() {
    this.#installing ??= this.#install();
    return this.#installing;
  }

  async #install() {
    const lists = ['package.json', 'package-lock.json'];
    const texts = await Promise.all(lists.map((list) => readFile(join(this.sources, list), 'utf8')));
    const wanted = [process.version, ...texts].join('\n');
    const installed = join(this.folder, INSTALLED);
    if ((await readFile(installed, 'utf8').catch(() => undefined)) === wanted) return undefined;
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(this.folder, { recursive: true });
    await Promise.all(lists.map((list) => cp(join(this.sources, list), join(this.folder, list))));
    try {
      await run('npm', ['ci', '--engine-strict', '--no-audit', '--no-fund'], { cwd: this.folder });
    } catch (error) {
      const refusal = refusalOf(error.message);
      if (refusal) return refusal;
      throw error;
    }
    await writeFile(installed, wanted);
    return undefined;
  }

  /**
   * Makes all but the tool's packages anew, so that nothing of another entry is taken for this one's. Where the program
   * has to tell where the module is, it does.
   */
  async write(entry, isTold) {
    const old = (await readdir(this.folder)).filter((name) => name !== INSTALLED && name !== PACKAGES);
    await Promise.all(old.map((name) => rm(join(this.folder, name), { recursive: true })));
    await cp(join(SOURCES, 'app'), this.folder, { recursive: true });
    await cp(this.sources, this.folder, { recursive: true });
    const packed = join(PACKAGES, 'claviger');
    await rm(join(this.folder, packed), { recursive: true, force: true });
    await cp(join(unpacked, packed), join(this.folder, packed), { recursive: true });
    if (isTold && entry === 'claviger/wasm') await writeFile(join(this.folder, 'src/load-module.js'), LOAD);
    for (const name of ['src/page.js', 'src/sign-in.js']) {
      const file = join(this.folder, name);
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replace("from 'claviger';", `from '${entry}';`));
    }
  }

  /** Runs a script of the project's `package.json`; gives what it prints. */
  run(script, environment) {
    return run('npm', ['run', script], {
      cwd: this.folder,
      env: { ...process.env, ...QUIET, ...environment },
      timeout: SCRIPT_TIMEOUT_MS,
    });
  }
}

/** npm's words for packages that are not for this Node or this system. */
function refusalOf(text) {
  if (!/\bnpm error code EBAD(ENGINE|PLATFORM)$/m.test(text)) return undefined;
  return [...text.matchAll(/^npm error notsup (.*)$/gm)].map(([, words]) => words).join(' ');
}

function run(program, parameters, options) {
  return new Promise((resolve, reject) => {
    execFile(program, parameters, options, (error, stdout, stderr) => {
      const printed = readable(`${stdout}${stderr}`).trim();
      if (error) reject(new Error(`${program} ${parameters.join(' ')}: ${printed || error.message}`));
      else resolve(printed);
    });
  });
}

/** Tools quote the lines that they choke on, which may hold a whole module. */
export function readable(text) {
  const lines = stripVTControlCharacters(text).replace(/[\p{Cc}--\n]/gv, '').split('\n');
  return lines.map((line) => (line.length > 300 ? `${line.slice(0, 300)}…` : line)).join('\n');
}
