#include "plugins/hot_update/publish/staged_trees.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <filesystem>
#include <future>

#include "content/archive/unsafe.hpp"
#include "plugins/hot_update/disk/tree_walk.hpp"

namespace okg::hot_update {
namespace {

content::Selection selection_of(const results::TreeOptions& options) {
  return {options.strip_components, options.include, options.exclude};
}

content::ArchiveSource source_of(int fd, const results::TreeOptions& options) {
  content::ArchiveSource source{fd, selection_of(options)};
  if (options.name_encoding == "gbk") source.names = content::NameEncoding::kGbk;
  return source;
}

/// Takes what is live as it should be; the rest stays in `files`.
Result<void> take_live(TreeBuilder& builder, std::vector<content::ManifestFile>& files) {
  std::size_t missing = 0;
  for (auto& file : files) {
    const auto taken = builder.take_live(file);
    if (!taken) return taken.error();
    if (*taken) continue;
    if (&files[missing] != &file) files[missing] = std::move(file);
    ++missing;
  }
  files.resize(missing);
  files.shrink_to_fit();
  return {};
}

/// The name at the top of the tree that a symlink in it leads to, or through.
std::string top_name_of(int root, const std::string& path) {
  std::array<char, PATH_MAX> text{};
  const auto length = ::readlinkat(root, path.c_str(), text.data(), text.size());
  if (length <= 0) return {};
  const auto target = std::filesystem::path(path).parent_path() /
                      std::string(text.data(), static_cast<std::size_t>(length));
  const auto whole = target.lexically_normal();
  return whole.empty() ? std::string() : whole.begin()->string();
}

}  // namespace

std::optional<LiveTree> StagedTrees::live_tree(const std::string& path,
                                               const std::optional<LiveContent>& live) const {
  auto parent = places_.open_parent(path, Folders::kMustExist);
  if (!parent) return std::nullopt;
  auto folder = open_folder(parent->folder.get(), parent->name.empty() ? "." : parent->name);
  if (!folder) return std::nullopt;
  LiveTree tree{std::move(folder)};
  if (live && !live->index.empty())
    if (auto index = TreeIndex::read(state_.trees(), live->index)) tree.index = std::move(*index);
  tree.share = game_can_write_() ? LiveTree::Share::kCopy : LiveTree::Share::kLink;
  return tree;
}

void StagedTrees::begin(const StagedTree& tree, const TreeWanted& wanted, Beginning& begun) const {
  begun.live = live_tree(wanted.path, wanted.live);
  begun.spare = take_spare(tree, wanted, begun.live);
}

Result<StagedTree> StagedTrees::build(StagedTree tree, const TreeWanted& wanted, Beginning& begun,
                                      const Fill& fill) const {
  const auto& current = begun.live;
  auto& spare = begun.spare;
  auto root = spare ? Result<files::Folder>(std::move(spare->root))
                    : make_root(tree.container(), wanted.path);
  if (!root) return root.error();
  TreeBuilder builder(files_, std::move(*root), {settings_.file_mode}, current,
                      settings_.min_free_percent);
  if (spare) builder.start_from(std::move(spare->tree));
  if (auto ok = fill(builder); !ok) return ok.error();
  const auto what = is_whole_directory(wanted.path) ? TreeBuilder::Overlay::kTopFolders
                                                    : TreeBuilder::Overlay::kFolder;
  if (wanted.options.mode == results::TreeMode::kOverlay && current)
    if (auto ok = builder.overlay(current->folder.get(), what); !ok) return ok.error();
  auto index = builder.finish();
  if (!index) return index.error();
  tree.index_ = std::move(*index);
  tree.is_synced_ = builder.is_synced();
  if (is_whole_directory(wanted.path))
    if (auto ok = check_names(tree); !ok) return ok.error();
  return tree;
}

/// Only a manifest says beforehand what is to be in a tree.
std::optional<Spares::Taken> StagedTrees::take_spare(const StagedTree& tree,
                                                     const TreeWanted& wanted,
                                                     const std::optional<LiveTree>& live) const {
  const bool is_wanted = wanted.options.format == results::TreeFormat::kManifest &&
                         wanted.options.mode == results::TreeMode::kMirror;
  if (!is_wanted || !live || live->share != LiveTree::Share::kLink || !wanted.live ||
      wanted.live->index.empty())
    return std::nullopt;
  return spares_.take({wanted.live->index, wanted.path, *live}, tree.container().name());
}

Result<void> StagedTrees::make_spare(const std::string& path, const LiveContent& live,
                                     const std::stop_token& stop) const {
  const auto current = live_tree(path, live);
  if (!current || current->share != LiveTree::Share::kLink) return {};
  return spares_.make({live.index, path, *current}, stop);
}

Result<StagedTree> StagedTrees::unpack(content::StagedContent archive, const TreeWanted& wanted,
                                       const std::stop_token& stop,
                                       const content::OnUnpacked& on_unpacked) const {
  StagedTree tree(container_for(wanted.name), archive);
  Beginning begun;
  begin(tree, wanted, begun);
  return build(std::move(tree), wanted, begun, [&](TreeBuilder& builder) -> Result<void> {
    const auto files = content::read_archive(source_of(archive.file().fd(), wanted.options),
                                             settings_.archive, builder, stop, on_unpacked);
    return files ? Result<void>() : files.error();
  });
}

Result<StagedTree> StagedTrees::assemble(content::StagedContent manifest, const TreeWanted& wanted,
                                         const FetchFiles& fetch) const {
  StagedTree tree(container_for(wanted.name), manifest);
  // Both take as long, and neither needs the other.
  Beginning begun;
  auto has_begun = std::async(std::launch::async, [&] { begin(tree, wanted, begun); });
  auto files =
      content::read_manifest(manifest.file().fd(), selection_of(wanted.options), settings_.archive);
  has_begun.get();
  if (!files) return files.error();
  const auto fill = [&](TreeBuilder& builder) -> Result<void> {
    if (auto ok = builder.keep_only(*files); !ok) return ok;
    if (auto ok = take_live(builder, *files); !ok) return ok;
    if (files->empty()) return {};
    return fetch(*files, [&](const content::ManifestFile& file, content::StagedContent content) {
      return builder.take_staged(file, std::move(content));
    });
  };
  auto built = build(std::move(tree), wanted, begun, fill);
  // A manifest need not say how long files are.
  if (built && built->index().bytes() > settings_.archive.max_bytes.value)
    return content::more_than_allowed(settings_.archive.max_bytes);
  return built;
}

Result<files::Folder> StagedTrees::make_root(const StagingContainer& container,
                                             const std::string& path) const {
  const TreeModes modes{settings_.file_mode};
  const auto& staging = state_.staging();
  if (files_.make_folder(staging.fd(), container.name().c_str(), 0700) != 0)
    return errno_error("make the folder " + staging.path_of(container.name()), errno);
  auto folder = staging.open_folder(container.name());
  if (!folder || is_whole_directory(path)) return folder;
  const auto name = tree_name(path);
  if (files_.make_folder(folder->fd(), name.c_str(), modes.folder()) != 0)
    return errno_error("make the folder " + folder->path_of(name), errno);
  return folder->open_folder(name);
}

Result<void> StagedTrees::check_names(const StagedTree& tree) const {
  const auto parent =
      places_.open_parent(std::string(results::kWholeDirectory), Folders::kMustExist);
  if (!parent) return parent.error();
  const auto container = state_.staging().open_folder(tree.container().name());
  if (!container) return container.error();
  for (const auto& entry : tree.index().entries()) {
    if (entry.path.find('/') == std::string::npos &&
        places_.is_off_limits(parent->folder.get(), entry.path))
      return content::unsafe("the entry '" + entry.path +
                             "' has a name that is not an update's to take");
    if (entry.kind == TreeKind::kSymlink &&
        places_.is_off_limits(parent->folder.get(), top_name_of(container->fd(), entry.path)))
      return content::unsafe("the symlink '" + entry.path +
                             "' leads to what is not an update's to take");
  }
  return {};
}

}  // namespace okg::hot_update
