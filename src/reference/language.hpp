// In which language a page is written.
#pragma once

namespace okg::reference {

enum class Language {
  kEnglish,
  kChinese,
};

}  // namespace okg::reference
