#include "bundle/commands.hpp"

#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <iostream>

#include "base/text/print_error.hpp"
#include "bundle/output.hpp"
#include "bundle/write.hpp"

namespace okg::bundle {
namespace {

int complain(const Error& error) {
  print_error("okg-sidecar: " + error.message);
  return 1;
}

/// Empty: it is one. CLI::ExistingDirectory says that there is none where it may not look.
std::string flaw_of_folder(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return errno_error("look at " + path, errno).message;
  return S_ISDIR(status.st_mode) ? "" : path + " is no folder";
}

/// As sha256sum(1) prints it.
void print_checksum(const Sha256& sha256, const std::string& name) {
  std::cout << sha256.hex() << "  " << name << "\n";
}

int pack(const Options& options) {
  const auto sha256 = write_archive(options.folder, options.output);
  if (!sha256) return complain(sha256.error());
  print_checksum(*sha256, options.output);
  return 0;
}

int manifest(const Options& options) {
  const auto text = manifest_of(options.folder, options.base_url, options.output);
  if (!text) return complain(text.error());
  if (text->empty_folders > 0)
    print_error("okg-sidecar: " + std::to_string(text->empty_folders) +
                " empty folders are left out: a manifest lists files");
  if (options.output.empty()) {
    std::cout << text->json;
    return 0;
  }
  auto output = Output::create(options.output);
  if (!output) return complain(output.error());
  if (auto ok = output->write(text->json); !ok) return complain(ok.error());
  const auto sha256 = output->finish();
  if (!sha256) return complain(sha256.error());
  print_checksum(*sha256, options.output);
  return 0;
}

}  // namespace

void add_commands(CLI::App& app, Options& options) {
  auto* packed = app.add_subcommand(
      "pack", "Pack a folder for format=archive and print its checksum; same folder, same bytes");
  packed->add_option("FOLDER", options.folder)->required()->check(flaw_of_folder);
  packed
      ->add_option("-o,--output", options.output,
                   "The archive; .tar.zst, .tar.gz or .tar says how it is packed")
      ->required();
  packed->callback([&options] { options.command = Options::Command::kPack; });
  auto* listed = app.add_subcommand("manifest", "List a folder's files for format=manifest");
  listed->add_option("FOLDER", options.folder)->required()->check(flaw_of_folder);
  listed->add_option("-o,--output", options.output,
                     "The manifest, whose checksum is printed then; standard output otherwise");
  listed->add_option("--base-url", options.base_url,
                     "Where the files are; beside the manifest otherwise");
  listed->callback([&options] { options.command = Options::Command::kManifest; });
}

std::optional<int> run(const Options& options) {
  switch (options.command) {
    case Options::Command::kPack: return pack(options);
    case Options::Command::kManifest: return manifest(options);
    case Options::Command::kNone: break;
  }
  return std::nullopt;
}

}  // namespace okg::bundle
