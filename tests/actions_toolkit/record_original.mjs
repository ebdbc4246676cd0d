// Records what GitHub's own toolkit prints and writes; the tests hold ours against the record.
//
//     npm install @actions/core@3 @actions/github@9
//     node record_original.mjs > original.json
//
// Each case is a call as Python makes it; here it is made in JavaScript's words. What JSON cannot
// hold is told by an object of one key: {"$float": "1e21"}, {"$error": "message"}.
import * as core from '@actions/core'
import * as github from '@actions/github'
import {mkdtempSync, readFileSync, writeFileSync, existsSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

const NASTY = [
  '', ' ', 'plain', 'a b', '%', '%%', '%25', '%0A', '%250A', '\r', '\n', '\r\n', '\n\r', 'a\nb', 'a\r\nb',
  '\n\na\n\n', ':', '::', ':::', 'a:b,c', ',', ',,', '=', 'a=b', '<<', 'a<<b', '::error::x', '##[error]x',
  ' ::debug::x', ']', ';', '%3A%2C', '\t', '\u001b[31mred\u001b[0m', '\u0000', '\u0085', '\u2028', '\ufeff',
  'é', 'e\u0301', '日本語', '😀', '\ud83d', '\ude00', '\ude00\ud83d', 'a\ud800b', '\u202edcba', '"quoted"',
  "it's", '\\', 'C:\\dir\\file', '/a//b\\c', 'ghadelimiter_', 'EOF', '{"a": 1}', 'x'.repeat(60)
]
const VALUES = [
  null, true, false, 0, 1, -1, 42, 9007199254740991, {$float: '1.5'}, {$float: '-0.0'}, {$float: '1.0'},
  {$float: '0.1'}, {$float: '1e21'}, {$float: '123456789012345680000'}, {$float: '1e-6'}, {$float: '1e-7'},
  {$float: '-1.25e-9'}, {$float: '5e-324'}, {$float: '1.7976931348623157e308'}, {$float: '1e16'},
  {$float: 'Infinity'}, {$float: '123456.789'}, {$float: '0.00001234'}, [], {}, [1, 2, 3], ['a', null, true],
  {a: 1, b: [2, {c: 'd'}]}, {'': ''}, {'é"\n': '\u0001\u007f\u2028\ud800😀'}, [[[]]], 'text',
  {a: {$float: '2.0'}}
]
const PLACES = [
  {}, {title: 'T'}, {title: ''}, {file: 'a/b.py'}, {start_line: 1}, {start_line: 0}, {end_line: 2},
  {start_column: 3}, {end_column: 4}, {title: '', file: ''}, {title: '', file: 'f'}, {start_line: 0, end_line: 7},
  {title: 'a,b:c%d\r\ne', file: 'x,y:z', start_line: 1, end_line: 2, start_column: 3, end_column: 4},
  {end_column: 4, start_column: 3, end_line: 2, start_line: 1, file: 'f', title: 't'}
]
const FILES = ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STEP_SUMMARY']

function* coreCases() {
  for (const text of NASTY) {
    for (const call of ['info', 'debug', 'error', 'warning', 'notice', 'set_secret', 'start_group']) {
      yield {call, args: [text]}
    }
    for (const file of [undefined, 'GITHUB_OUTPUT']) yield {call: 'set_output', args: ['name', text], file}
    for (const file of [undefined, 'GITHUB_STATE']) yield {call: 'save_state', args: ['name', text], file}
    yield {call: 'error', args: ['message'], kwargs: {title: text}}
    yield {call: 'notice', args: ['message'], kwargs: {file: text, start_line: 3}}
    yield {call: 'to_posix_path', args: [text]}
    yield {call: 'to_win32_path', args: [text]}
    yield {call: 'to_platform_path', args: [text]}
    if (!text.includes('\u0000')) {
      for (const file of [undefined, 'GITHUB_ENV']) yield {call: 'export_variable', args: ['EXPORTED', text], file}
      for (const file of [undefined, 'GITHUB_PATH']) yield {call: 'add_path', args: [text], file, env: {PATH: '/bin'}}
      const env = {INPUT_AN_INPUT: `${text}`}
      if (text.isWellFormed()) {
        yield {call: 'get_input', args: ['an input'], env}
        yield {call: 'get_input', args: ['an input'], kwargs: {trim_whitespace: false}, env}
        yield {call: 'get_input', args: ['an input'], kwargs: {required: true}, env}
        yield {call: 'get_multiline_input', args: ['an input'], env: {INPUT_AN_INPUT: `${text}\n\n ${text} \n  \n`}}
        yield {call: 'get_multiline_input', args: ['an input'], kwargs: {trim_whitespace: false}, env}
        yield {call: 'get_boolean_input', args: ['an input'], env}
        yield {call: 'get_state', args: ['kept'], env: {STATE_kept: text}}
      }
    }
  }
  for (const value of VALUES) {
    for (const file of [undefined, 'GITHUB_OUTPUT']) yield {call: 'set_output', args: ['name', value], file}
    yield {call: 'save_state', args: ['name', value], file: 'GITHUB_STATE'}
    yield {call: 'export_variable', args: ['EXPORTED', value], file: 'GITHUB_ENV'}
  }
  for (const kwargs of PLACES) {
    for (const call of ['error', 'warning', 'notice']) yield {call, args: ['message'], kwargs}
  }
  for (const message of ['', 'broken', 'a\nb']) {
    for (const call of ['error', 'warning', 'notice', 'set_failed']) {
      yield {call, args: [{$error: message}]}
      yield {call, args: [message]}
    }
  }
  for (const value of ['true', 'True', 'TRUE', 'false', 'False', 'FALSE', 'tRue', 'yes', '1', ' true ', 'true\n']) {
    yield {call: 'get_boolean_input', args: ['Flag-x y'], env: {'INPUT_FLAG-X_Y': value}}
    yield {call: 'get_boolean_input', args: ['flag'], kwargs: {trim_whitespace: false}, env: {INPUT_FLAG: value}}
  }
  yield {call: 'get_input', args: ['absent']}
  yield {call: 'get_input', args: ['my absent-one'], kwargs: {required: true}}
  yield {call: 'get_multiline_input', args: ['absent'], kwargs: {required: true}}
  yield {call: 'get_boolean_input', args: ['absent'], kwargs: {required: true}}
  yield {call: 'get_state', args: ['absent']}
  for (const on of [true, false]) yield {call: 'set_command_echo', args: [on]}
  for (const value of ['1', '0', '', 'true']) yield {call: 'is_debug', args: [], env: {RUNNER_DEBUG: value}}
  yield {call: 'end_group', args: []}
  for (const [call, args, file] of [
    ['set_output', ['n', 'v'], 'GITHUB_OUTPUT'], ['save_state', ['n', 'v'], 'GITHUB_STATE'],
    ['export_variable', ['EXPORTED', 'v'], 'GITHUB_ENV'], ['add_path', ['/p'], 'GITHUB_PATH']
  ]) {
    yield {call, args, env: {[file]: '/nowhere/at/all', PATH: '/bin'}}
    yield {call, args, env: {[file]: '', PATH: '/bin'}}
    yield {call, args, file, before: 'x=1\n', env: {PATH: '/bin'}}
  }
}

function* summaryCases() {
  for (const text of NASTY.filter(text => text.length < 40)) {
    yield [['add_raw', [text]], ['add_raw', [text, true]], ['add_code_block', [text, text]], ['add_list', [[text, 'b']]],
      ['add_details', [text, text]], ['add_image', [text, text], {width: text}], ['add_heading', [text, text]],
      ['add_quote', [text, text]], ['add_link', [text, text]],
      ['add_table', [[[text, {data: text, header: true, colspan: text, rowspan: '2'}]]]]]
  }
  for (const level of [0, 1, 2, 3, 4, 5, 6, 7, -1, '1', '6', 'x', null]) yield [['add_heading', ['H', level]]]
  yield [['add_heading', ['H']], ['add_eol', []], ['add_separator', []], ['add_break', []]]
  yield [['add_list', [[]]], ['add_list', [['a', 'b'], true]], ['add_list', [['']]]]
  yield [['add_code_block', ['x = 1']], ['add_code_block', ['x', 'py']], ['add_code_block', ['', '']]]
  yield [['add_table', [[]]], ['add_table', [[[]]]], ['add_table', [[['a', 'b'], ['c', '']]]]]
  yield [['add_table', [[[{data: 'h', header: true}, {data: 'w', colspan: '2'}, {data: '', rowspan: '3'}]]]]]
  yield [['add_image', ['s', 'a']], ['add_image', ['s', 'a'], {width: '1', height: '2'}], ['add_image', ['s', ''], {height: '2'}]]
  yield [['add_quote', ['q']], ['add_quote', ['q', 'https://example.com']], ['add_details', ['', '']]]
  yield [['add_raw', ['a']], ['empty_buffer', []], ['add_raw', ['b']]]
  yield []
}

function* contextCases() {
  const env = {
    GITHUB_EVENT_NAME: 'push', GITHUB_SHA: 'abc', GITHUB_REF: 'refs/tags/v1', GITHUB_WORKFLOW: 'W', GITHUB_ACTION: 'A',
    GITHUB_ACTOR: 'me', GITHUB_JOB: 'J', GITHUB_RUN_ATTEMPT: '2', GITHUB_RUN_NUMBER: '3', GITHUB_RUN_ID: '4',
    GITHUB_API_URL: 'https://g.example/api/v3', GITHUB_SERVER_URL: 'https://g.example',
    GITHUB_GRAPHQL_URL: 'https://g.example/api/graphql', GITHUB_REPOSITORY: 'o/r'
  }
  const {GITHUB_REPOSITORY, ...bare} = env
  const repository = {name: 'r2', owner: {login: 'o2'}}
  yield {env}
  yield {env, event: {number: 7}}
  yield {env, event: {issue: {number: 8}}}
  yield {env, event: {pull_request: {number: 9}, number: 10}}
  yield {env, event: {release: {tag_name: 'é'}, repository}}
  yield {env: bare, event: {repository}}
  yield {env: bare, event: {}}
  yield {env: {...env, GITHUB_EVENT_PATH: '/nowhere/event.json'}}
  yield {env: {...env, GITHUB_API_URL: '', GITHUB_REPOSITORY: 'o/r/x'}}
}

const folder = mkdtempSync(join(tmpdir(), 'record-'))
const camel = name => name.replace(/_eol\b/, 'EOL').replace(/_([a-z0-9])/g, (_, c) => c.toUpperCase())
const scrub = text => text.replace(/ghadelimiter_[0-9a-f-]{36}/g, 'DELIMITER')

// Leaves out what says nothing: the reader takes null, "" and {} for granted, and 0 as exit code.
function brief(one) {
  const silent = ([key, value]) =>
    value === null ||
    (key !== 'result' && (value === '' || value === 0 || (typeof value === 'object' && !Object.keys(value).length)))
  return Object.fromEntries(Object.entries(one).filter(entry => entry[0] === 'args' || !silent(entry)))
}

function revive(value) {
  if (Array.isArray(value)) return value.map(revive)
  if (value === null || typeof value !== 'object') return value
  if ('$float' in value) return Number(value.$float)
  if ('$error' in value) return new Error(value.$error)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(item)]))
}

// Runs one action in the environment given; returns what it printed, gave, and failed with.
async function observe(env, action) {
  for (const name of [...FILES, 'GITHUB_EVENT_PATH', 'RUNNER_DEBUG', 'EXPORTED']) delete process.env[name]
  for (const name of Object.keys(process.env)) if (/^(INPUT|STATE|GITHUB)_/.test(name)) delete process.env[name]
  Object.assign(process.env, env)
  const write = process.stdout.write
  const printed = []
  process.stdout.write = text => printed.push(Buffer.from(text, 'utf8'))
  let result = null
  let error = null
  try {
    result = (await action()) ?? null
  } catch (caught) {
    error = scrub(caught.message)
  } finally {
    process.stdout.write = write
  }
  return {stdout: Buffer.concat(printed).toString('utf8'), result, error}
}

async function recordCore({call, args, kwargs = {}, env = {}, file = null, before = ''}) {
  const path = join(folder, 'file')
  writeFileSync(path, before)
  const options = Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [camel(key), value]))
  const given = Object.keys(options).length ? [...revive(args), options] : revive(args)
  const seen = await observe(file ? {...env, [file]: path} : env, () => core[camel(call)](...given))
  const written = file ? scrub(readFileSync(path, 'utf8')) : null
  const exitCode = process.exitCode ?? 0
  process.exitCode = 0
  const environ = {PATH: env.PATH ? process.env.PATH : null, EXPORTED: process.env.EXPORTED ?? null}
  return brief({call, args, kwargs, env, file, before, written, environ: brief(environ), exit_code: exitCode, ...seen})
}

async function recordSummary(chain) {
  const path = join(folder, 'summary')
  writeFileSync(path, 'before\n')
  core.summary.emptyBuffer()
  for (const [call, args, options] of chain) {
    // null stands for an argument left out
    const given = args.map(value => value ?? undefined)
    core.summary[camel(call)](...given, ...(options ? [options] : []))
  }
  await observe({GITHUB_STEP_SUMMARY: path}, () => core.summary.write())
  return {chain, written: readFileSync(path, 'utf8')}
}

async function recordContext({env, event = null}) {
  const path = join(folder, 'event.json')
  if (event !== null) writeFileSync(path, JSON.stringify(event))
  const Context = github.context.constructor
  const attributes = ['payload', 'eventName', 'sha', 'ref', 'workflow', 'action', 'actor', 'job', 'runAttempt',
    'runNumber', 'runId', 'apiUrl', 'serverUrl', 'graphqlUrl']
  const snake = name => name.replace(/[A-Z]/g, c => `_${c.toLowerCase()}`)
  const seen = await observe(event === null ? env : {...env, GITHUB_EVENT_PATH: path}, () => {
    const context = new Context()
    const told = Object.fromEntries(attributes.map(name => [snake(name), context[name]]))
    return {...told, repo: context.repo, issue: context.issue}
  })
  return {env, event, ...seen}
}

const record = {core: [], summary: [], context: []}
for (const one of coreCases()) record.core.push(await recordCore(one))
for (const chain of summaryCases()) record.summary.push(await recordSummary(chain))
for (const one of contextCases()) record.context.push(await recordContext(one))
const lines = Object.entries(record).map(
  ([name, cases]) => `${JSON.stringify(name)}: [\n${cases.map(one => JSON.stringify(one)).join(',\n')}\n]`
)
// Only ASCII, so that no editor changes what the strings hold.
const ascii = `{\n${lines.join(',\n')}\n}\n`.replace(/[\u007f-\uffff]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
process.stdout.write(ascii)
