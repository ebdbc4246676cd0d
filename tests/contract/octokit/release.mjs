// What @octokit/rest can do with a release and its assets, against the API that the environment
// names. Prints what came back, as JSON.
import { Octokit } from '@octokit/rest'

const { API_URL, TOKEN, ADMIN_TOKEN, REPOSITORY, TASK } = process.env
const [owner, repo] = REPOSITORY.split('/')
const here = { owner, repo }
const quiet = { debug() {}, info() {}, warn() {}, error() {} }
const connect = auth => new Octokit({ auth, baseUrl: API_URL, log: quiet, retry: { enabled: false } })
const octokit = connect(TOKEN)
const repos = octokit.rest.repos

const statusOf = async call => {
  try {
    return (await call).status
  } catch (error) {
    return error.status
  }
}

// The client takes the address as it is in the release, a template, and fills it in.
const upload = (release, name, data, label) =>
  repos.uploadReleaseAsset({
    ...here,
    release_id: release.id,
    url: release.upload_url,
    name,
    label,
    data,
    headers: { 'content-type': 'text/plain' }
  })

const read = async asset => {
  const { data } = await repos.getReleaseAsset({
    ...here,
    asset_id: asset.id,
    headers: { accept: 'application/octet-stream' }
  })
  return Buffer.from(data).toString('base64')
}

const tasks = {
  async life() {
    const none = await statusOf(repos.getLatestRelease(here))
    const { data: draft } = await repos.createRelease({ ...here, tag_name: 'v1', draft: true, body: 'N' })
    const { data: asset } = await upload(draft, 'größe (1).txt', Buffer.from('content'), 'Größe & mehr')
    const taken = await statusOf(upload(draft, 'grosse.1.txt', Buffer.from('other')))
    const unseen = await statusOf(repos.getReleaseByTag({ ...here, tag: 'v1' }))
    const { data: renamed } = await repos.updateReleaseAsset({ ...here, asset_id: asset.id, name: 'size.txt' })
    const { data: release } = await repos.updateRelease({
      ...here, release_id: draft.id, tag_name: 'v1', draft: false, make_latest: 'true'
    })
    const { data: latest } = await repos.getLatestRelease(here)
    const { data: found } = await repos.getReleaseByTag({ ...here, tag: 'v1' })
    const content = await read(asset)
    await repos.deleteReleaseAsset({ ...here, asset_id: asset.id })
    const again = await statusOf(repos.deleteReleaseAsset({ ...here, asset_id: asset.id }))
    await repos.deleteRelease({ ...here, release_id: release.id })
    const gone = await statusOf(repos.getRelease({ ...here, release_id: release.id }))
    return {
      statuses: [none, taken, unseen, again, gone],
      draft: draft.draft,
      asset: [asset.name, asset.label, asset.state, asset.content_type],
      renamed: renamed.name,
      same: [latest.id, found.id, release.id].every(id => id === draft.id),
      content
    }
  },

  async pages() {
    const { data: release } = await repos.createRelease({ ...here, tag_name: 'v1' })
    for (let number = 0; number < 5; number++) await upload(release, `${number}.txt`, Buffer.from('x'))
    const assets = await octokit.paginate(repos.listReleaseAssets, { ...here, release_id: release.id, per_page: 2 })
    const releases = await octokit.paginate(repos.listReleases, { ...here, per_page: 1 })
    const notes = await repos.generateReleaseNotes({ ...here, tag_name: 'v1' })
    return { assets: assets.map(asset => asset.name).sort(), releases: releases.length, notes: notes.data.body }
  },

  async immutable() {
    const admin = connect(ADMIN_TOKEN).rest.repos
    const before = await statusOf(admin.checkImmutableReleases(here))
    await admin.enableImmutableReleases(here)
    const during = await statusOf(admin.checkImmutableReleases(here))
    const { data: release } = await repos.createRelease({ ...here, tag_name: 'v1' })
    const late = await statusOf(upload(release, 'late.txt', Buffer.from('late')))
    await admin.disableImmutableReleases(here)
    return { statuses: [before, during, late], immutable: release.immutable }
  },

  async published() {
    const { data: release } = await repos.getReleaseByTag({ ...here, tag: 'v1' })
    const assets = {}
    for (const asset of release.assets) {
      assets[asset.name] = { label: asset.label, digest: asset.digest ?? null, content: await read(asset) }
    }
    return { draft: release.draft, body: release.body, assets }
  }
}

process.stdout.write(JSON.stringify(await tasks[TASK]()))
