// Runs S3rver on a free port of this machine until standard input ends.
// Arguments: a data folder, the name of the bucket to make.

// S3 counts these five among the characters to escape; S3rver, when it checks a signature, forgets
// them, and would refuse every link with an apostrophe in it.
const escaped = globalThis.encodeURIComponent
globalThis.encodeURIComponent = (text) =>
  escaped(text).replace(/[!'()*]/g, (character) =>
    `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  )

const S3rver = require('@20minutes/s3rver')

const [directory, bucket] = process.argv.slice(2)
const server = new S3rver({
  address: '127.0.0.1',
  port: 0,
  silent: true,
  directory,
  configureBuckets: [{ name: bucket, configs: [] }],
})
server.run().then(({ port }) => console.log(port))
process.stdin.resume().on('end', () => process.exit(0))
